package io.sparkspann.vector.file;

import io.sparkspann.vector.ByteSource;

/**
 * Reads one text file of vectors in parallel byte ranges: {@link TsvLayout#of} once; {@link #countRows} for every range;
 * with the sums of the counts as first rows, {@link #read} for every range.
 *
 * <p>A row belongs to the range in which its first byte lies, so that ranges that touch cover every row once, wherever
 * their borders are. Thread-safe.
 */
public final class TsvRanges {
    private TsvRanges() {}

    /** Number of rows that start at any of the bytes {@code [from, to)}. Does not look into the cells. */
    public static long countRows(ByteSource source, TsvLayout layout, long from, long to) {
        TsvRows rows = TsvRows.startingIn(source, layout, from, to);
        long count = 0;
        while (rows.next()) {
            count++;
        }
        return count;
    }

    /**
     * The rows that start at any of the bytes {@code [from, to)}.
     *
     * @param firstRow number of the first of these rows in the file, from 0; for messages and {@link TsvReader#row}
     */
    public static TsvReader read(
            ByteSource source, TsvLayout layout, long from, long to, long firstRow) {
        return new TsvReader(
                source, layout, TsvRows.startingIn(source, layout, from, to), firstRow);
    }
}
