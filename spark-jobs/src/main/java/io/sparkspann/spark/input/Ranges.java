package io.sparkspann.spark.input;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Cuts a file into the parts that tasks read. */
public final class Ranges {
    private static final long MOST_BYTES = 32 << 20;
    private static final long LEAST_BYTES = 1 << 20;

    private Ranges() {}

    /** How many tasks read a binary file of so many rows. */
    public static long count(long rows, long rowBytes, int cores) {
        long step = step(rows, rowBytes, cores);
        return (rows + step - 1) / step;
    }

    /** Rows or bytes {@code [from, to)}. */
    record Range(long from, long to) implements Serializable {}

    /**
     * Ranges of equal size over {@code [from, to)}: one for each core if they are not below 1 MiB
     * then, and more where they would exceed 32 MiB.
     *
     * @param unitBytes size of what is counted: a row, or 1
     */
    static List<Range> of(long from, long to, long unitBytes, int cores) {
        return cut(from, to, step(to - from, unitBytes, cores));
    }

    private static long step(long units, long unitBytes, int cores) {
        double bytes = (double) units * unitBytes;
        double size = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, bytes / cores));
        return Math.max(1, (long) (size / unitBytes));
    }

    /** As many ranges as cores, or fewer, whatever their size. */
    static List<Range> ofCores(long from, long to, int cores) {
        return cut(from, to, Math.max(1, (to - from + cores - 1) / cores));
    }

    private static List<Range> cut(long from, long to, long step) {
        List<Range> ranges = new ArrayList<>();
        for (long start = from; start < to; start += step) {
            ranges.add(new Range(start, Math.min(to, start + step)));
        }
        return ranges;
    }
}
