package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;

/** The lines with vectors that start in a byte range; checks that blank lines stand only at the end. Not thread-safe. */
final class TsvRows {
    private final ByteSource source;
    private final TsvLines lines;
    private final long to;
    private boolean ended;

    private TsvRows(ByteSource source, TsvLines lines, long to) {
        this.source = source;
        this.lines = lines;
        this.to = to;
    }

    /** Rows from a position where a line is known to start. */
    static TsvRows atLine(ByteSource source, long lineStart) {
        return new TsvRows(source, new TsvLines(source, lineStart), source.length());
    }

    /** Rows that start at any of the bytes {@code [from, to)}. */
    static TsvRows startingIn(ByteSource source, TsvLayout layout, long from, long to) {
        if (from <= layout.start()) {
            return new TsvRows(source, new TsvLines(source, layout.start()), to);
        }
        // The byte before tells whether a line starts at from: a line that starts there is empty but for its line break.
        TsvLines lines = new TsvLines(source, from - 1);
        TsvRows rows = new TsvRows(source, lines, to);
        rows.ended = !lines.next();
        return rows;
    }

    /** Goes to the next row; false if there is none. */
    boolean next() {
        if (ended || !lines.next() || lines.offset() >= to) {
            ended = true;
            return false;
        }
        if (lines.isBlank()) {
            ended = true;
            requireBlankRest(lines.offset());
            return false;
        }
        return true;
    }

    private void requireBlankRest(long blank) {
        while (lines.next()) {
            if (!lines.isBlank()) {
                throw new InvalidInputException(
                        String.format(
                                "%s: the line at byte %d is blank, but not the last; remove it",
                                source.name(), blank));
            }
        }
    }

    /** The current row. */
    TsvLines line() {
        return lines;
    }
}
