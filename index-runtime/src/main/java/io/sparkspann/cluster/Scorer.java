package io.sparkspann.cluster;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VerticalBlocks;

/**
 * Scores rows against runs of packed vectors, 64 rows at a time, and offers what can enter to the
 * rows' lists. One thread.
 */
final class Scorer {
    private static final int TILE_ROWS = 64;

    private final Kernels kernels = KernelProvider.kernels();
    private final float[] rows;
    private final int dimensions;
    private final int[] offsets = new int[TILE_ROWS];
    private final int[] queries = new int[TILE_ROWS];
    private float[] scores = new float[0];
    private int[] found = new int[0];

    /**
     * @param rows matrix of embedded vectors, row-major
     */
    Scorer(float[] rows, int dimensions) {
        this.rows = rows;
        this.dimensions = dimensions;
    }

    /**
     * A run of packed vectors.
     *
     * @param packed where they are
     * @param firstBlock block of the first one
     * @param size how many
     * @param firstNumber number of the first one; the others follow
     */
    record Run(VerticalBlocks packed, int firstBlock, int size, int firstNumber) {}

    /** Scores rows {@code [from, to)} against all vectors of a run. */
    void scoreRange(Run run, int from, int to, NearestLists nearest) {
        for (int start = from; start < to; start += TILE_ROWS) {
            int count = Math.min(TILE_ROWS, to - start);
            for (int i = 0; i < count; i++) {
                queries[i] = start + i;
            }
            score(run, count, nearest);
        }
    }

    /** Scores the rows that an inverted list names for {@code key} against a run. */
    void scoreListed(Run run, Inverted inverted, int key, NearestLists nearest) {
        int end = inverted.end(key);
        for (int start = inverted.start(key); start < end; start += TILE_ROWS) {
            int count = Math.min(TILE_ROWS, end - start);
            for (int i = 0; i < count; i++) {
                queries[i] = inverted.query(start + i);
            }
            score(run, count, nearest);
        }
    }

    private void score(Run run, int count, NearestLists nearest) {
        int blockCount = VerticalBlocks.blocks(run.size());
        int lanes = blockCount * VerticalBlocks.LANES;
        if (scores.length < TILE_ROWS * lanes) {
            scores = new float[TILE_ROWS * lanes];
            found = new int[lanes];
        }
        for (int i = 0; i < count; i++) {
            offsets[i] = queries[i] * dimensions;
        }
        kernels.score(rows, offsets, count, run.packed(), run.firstBlock(), blockCount, scores);
        for (int i = 0; i < count; i++) {
            int query = queries[i];
            if (nearest.isOpen(query)) {
                nearest.offerRun(query, scores, i * lanes, run.size(), run.firstNumber());
            } else {
                int hits = kernels.atMost(scores, i * lanes, lanes, nearest.limit(query), found);
                for (int h = 0; h < hits; h++) {
                    float score = scores[i * lanes + found[h]];
                    nearest.offer(query, score, run.firstNumber() + found[h]);
                }
            }
        }
    }
}
