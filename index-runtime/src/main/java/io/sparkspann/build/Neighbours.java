package io.sparkspann.build;

import io.sparkspann.search.TopK;
import java.io.Serializable;

/**
 * Nearest vectors of the calibration queries in one shard.
 *
 * @param sizes number of neighbours of each query
 * @param keys rank keys, query after query
 * @param ordinals as many ordinals
 * @param self ordinal of each query that is a vector of this shard, else -1
 * @param distances how many distances that took
 */
record Neighbours(int[] sizes, float[] keys, long[] ordinals, long[] self, long distances)
        implements Serializable, TaskOutput {
    static Neighbours of(TopK top, long[] self, long distances) {
        int[] sizes = new int[top.queries()];
        int total = 0;
        for (int q = 0; q < sizes.length; q++) {
            sizes[q] = top.size(q);
            total += sizes[q];
        }
        float[] keys = new float[total];
        long[] ordinals = new long[total];
        int at = 0;
        for (int q = 0; q < sizes.length; q++) {
            for (int r = 0; r < sizes[q]; r++) {
                keys[at] = top.key(q, r);
                ordinals[at++] = top.ordinal(q, r);
            }
        }
        return new Neighbours(sizes, keys, ordinals, self, distances);
    }
}
