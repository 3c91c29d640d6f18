package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
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

    OneRow(Geometry geometry) {
        this.wide = geometry.blocks();
    }

    /** The row that is scored from now on. */
    void use(float[] embedded) {
        row = embedded;
    }

    void score(Run run, NearestLists nearest) {
        int blocks = run.blocks();
        if (blocks == 0) {
            return;
        }
        int lanes = blocks * VerticalBlocks.LANES;
        if (scores.length < lanes) {
            scores = new float[lanes];
        }
        int first = run.firstBlock();
        if (run.bytes() != null) {
            kernels.scoreBytes(row, 0, run.bytes(), first, blocks, wide, scores);
        } else {
            kernels.score(row, START, 1, run.floats(), first, blocks, scores, START);
        }
        if (kernels.anyAtMost(scores, 0, lanes, nearest.limit(0))) {
            nearest.offerRun(0, scores, 0, run.size(), run.firstNumber());
        }
    }
}
