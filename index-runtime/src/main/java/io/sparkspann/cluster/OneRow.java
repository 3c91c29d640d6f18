package io.sparkspann.cluster;

import io.sparkspann.distance.ByteBlocks;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VerticalBlocks;

/** Scores one row against runs of packed vectors, and offers what can enter to list 0. */
final class OneRow {
    private static final int[] START = {0};

    private final Kernels kernels = KernelProvider.kernels();
    private final VerticalBlocks wide;
    private float[] row;
    private float[] scores = new float[0];
    private int[] found = new int[0];

    OneRow(int dimensions) {
        this.wide = new VerticalBlocks(dimensions);
    }

    /** The row that is scored from now on. */
    void use(float[] embedded) {
        row = embedded;
    }

    /**
     * @param firstBlock block of the first vector of the run
     * @param size vectors of the run
     * @param firstNumber number of the first one; the others follow
     */
    void score(
            VerticalBlocks packed,
            int firstBlock,
            int size,
            int firstNumber,
            NearestLists nearest) {
        int blocks = reserve(size);
        if (blocks > 0) {
            kernels.score(row, START, 1, packed, firstBlock, blocks, scores);
            offer(size, firstNumber, nearest);
        }
    }

    /** As the other one. */
    void score(ByteBlocks packed, int firstBlock, int size, int firstNumber, NearestLists nearest) {
        int blocks = reserve(size);
        if (blocks > 0) {
            kernels.scoreBytes(row, 0, packed, firstBlock, blocks, wide, scores);
            offer(size, firstNumber, nearest);
        }
    }

    private int reserve(int size) {
        int blocks = VerticalBlocks.blocks(size);
        int lanes = blocks * VerticalBlocks.LANES;
        if (scores.length < lanes) {
            scores = new float[lanes];
            found = new int[lanes];
        }
        return blocks;
    }

    private void offer(int size, int firstNumber, NearestLists nearest) {
        if (nearest.isOpen(0)) {
            nearest.offerRun(0, scores, 0, size, firstNumber);
            return;
        }
        int lanes = VerticalBlocks.blocks(size) * VerticalBlocks.LANES;
        int hits = kernels.atMost(scores, 0, lanes, nearest.limit(0), found);
        for (int h = 0; h < hits; h++) {
            nearest.offer(0, scores[found[h]], firstNumber + found[h]);
        }
    }
}
