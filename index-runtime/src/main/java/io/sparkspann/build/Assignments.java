package io.sparkspann.build;

import io.sparkspann.posting.Closure;
import java.util.Arrays;

/**
 * The postings of each vector of a shard: home first. Rows are added in any order; not thread-safe.
 */
final class Assignments {
    private final int[] starts;
    private final int[] counts;
    private int[] heads = new int[0];
    private float[] distances = new float[0];
    private int size;

    Assignments(int rows) {
        this.starts = new int[rows];
        this.counts = new int[rows];
    }

    /** Takes what was selected for a row. */
    void add(int row, Closure closure, int selected) {
        if (heads.length < size + selected) {
            int length = Math.max(size + selected, 2 * heads.length);
            heads = Arrays.copyOf(heads, length);
            distances = Arrays.copyOf(distances, length);
        }
        starts[row] = size;
        counts[row] = selected;
        for (int r = 0; r < selected; r++) {
            heads[size] = closure.head(r);
            distances[size++] = closure.distance(r);
        }
    }

    int rows() {
        return starts.length;
    }

    /** Number of postings of all rows. */
    int size() {
        return size;
    }

    /** Position of a row's first posting; the others follow it. */
    int start(int row) {
        return starts[row];
    }

    /** Number of postings of a row. */
    int count(int row) {
        return counts[row];
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
        for (int count : counts) {
            histogram[count]++;
        }
        return histogram;
    }
}
