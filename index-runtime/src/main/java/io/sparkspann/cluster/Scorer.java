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
     * Scores rows {@code [from, to)} against all vectors of {@code packed}, whose first has number
     * {@code firstNumber}.
     */
    void scoreRange(
            VerticalBlocks packed, int from, int to, int firstNumber, NearestLists nearest) {
        for (int start = from; start < to; start += TILE_ROWS) {
            int count = Math.min(TILE_ROWS, to - start);
            for (int i = 0; i < count; i++) {
                queries[i] = start + i;
            }
            score(packed, 0, packed.size(), count, firstNumber, nearest);
        }
    }

    /**
     * Scores the rows that an inverted list names for {@code key} against {@code size} vectors of
     * {@code packed} from block {@code firstBlock}, the first of which has number {@code
     * firstNumber}.
     */
    void scoreListed(
            VerticalBlocks packed,
            int firstBlock,
            int size,
            Inverted inverted,
            int key,
            int firstNumber,
            NearestLists nearest) {
        int end = inverted.end(key);
        for (int start = inverted.start(key); start < end; start += TILE_ROWS) {
            int count = Math.min(TILE_ROWS, end - start);
            for (int i = 0; i < count; i++) {
                queries[i] = inverted.query(start + i);
            }
            score(packed, firstBlock, size, count, firstNumber, nearest);
        }
    }

    private void score(
            VerticalBlocks packed,
            int firstBlock,
            int size,
            int count,
            int firstNumber,
            NearestLists nearest) {
        int blockCount = VerticalBlocks.blocks(size);
        int lanes = blockCount * VerticalBlocks.LANES;
        if (scores.length < TILE_ROWS * lanes) {
            scores = new float[TILE_ROWS * lanes];
            found = new int[lanes];
        }
        for (int i = 0; i < count; i++) {
            offsets[i] = queries[i] * dimensions;
        }
        kernels.score(rows, offsets, count, packed, firstBlock, blockCount, scores);
        for (int i = 0; i < count; i++) {
            int query = queries[i];
            int hits = kernels.atMost(scores, i * lanes, lanes, nearest.limit(query), found);
            for (int h = 0; h < hits; h++) {
                // Padding lanes score infinity, which an unlimited list would take.
                if (found[h] < size) {
                    nearest.offer(query, scores[i * lanes + found[h]], firstNumber + found[h]);
                }
            }
        }
    }
}
