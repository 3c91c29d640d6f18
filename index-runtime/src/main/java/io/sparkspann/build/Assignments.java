package io.sparkspann.build;

import io.sparkspann.posting.Closure;
import java.util.Arrays;

/** The postings of each vector of a shard: home first. Grows row by row; not thread-safe. */
final class Assignments {
    private final int[] starts;
    private int[] heads = new int[0];
    private float[] distances = new float[0];
    private int rows;

    Assignments(int expectedRows) {
        this.starts = new int[expectedRows + 1];
    }

    /** Appends what was selected for the next row. */
    void add(Closure closure, int selected) {
        int at = starts[rows];
        if (heads.length < at + selected) {
            int length = Math.max(at + selected, 2 * heads.length);
            heads = Arrays.copyOf(heads, length);
            distances = Arrays.copyOf(distances, length);
        }
        for (int r = 0; r < selected; r++) {
            heads[at + r] = closure.head(r);
            distances[at + r] = closure.distance(r);
        }
        starts[++rows] = at + selected;
    }

    int rows() {
        return rows;
    }

    /** Position of a row's first posting; that of the next row is its end. */
    int start(int row) {
        return starts[row];
    }

    /** Head number in the whole index of the posting at a position. */
    int head(int position) {
        return heads[position];
    }

    float distance(int position) {
        return distances[position];
    }

    /** Number of rows with 0, 1, ... {@code most} postings. */
    long[] histogram(int most) {
        long[] histogram = new long[most + 1];
        for (int row = 0; row < rows; row++) {
            histogram[starts[row + 1] - starts[row]]++;
        }
        return histogram;
    }
}
