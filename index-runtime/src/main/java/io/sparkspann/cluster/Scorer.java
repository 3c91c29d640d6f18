package io.sparkspann.cluster;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VerticalBlocks;

/** Scores all rows of a matrix against a run of packed floats, 64 rows at a time. One thread. */
final class Scorer {
    private static final int TILE_ROWS = 64;

    private final Kernels kernels = KernelProvider.kernels();
    private final int dimensions;
    private final int[] offsets = new int[TILE_ROWS];

    Scorer(int dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * Offers what can enter to the lists of the rows.
     *
     * @param rows {@code n × dimensions}, embedded, row-major
     */
    void score(float[] rows, int n, Run run, NearestLists nearest) {
        int lanes = run.blocks() * VerticalBlocks.LANES;
        int[] targets = Kernels.rowTargets(TILE_ROWS, lanes);
        float[] scores = new float[TILE_ROWS * lanes];
        for (int start = 0; start < n; start += TILE_ROWS) {
            int count = Math.min(TILE_ROWS, n - start);
            for (int i = 0; i < count; i++) {
                offsets[i] = (start + i) * dimensions;
            }
            kernels.score(
                    rows,
                    offsets,
                    count,
                    run.floats(),
                    run.firstBlock(),
                    run.blocks(),
                    scores,
                    targets);
            for (int i = 0; i < count; i++) {
                nearest.offerRun(start + i, scores, targets[i], run.size(), run.firstNumber());
            }
        }
    }
}
