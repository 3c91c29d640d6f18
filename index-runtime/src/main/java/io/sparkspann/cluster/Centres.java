package io.sparkspann.cluster;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VerticalBlocks;
import java.util.Arrays;

/**
 * Centres of a running k-means with the sums of their members. Package-internal state of one
 * thread.
 */
final class Centres {
    private final Kernels kernels = KernelProvider.kernels();
    private final int dimensions;
    private final int count;
    private final float[] centroids;
    private final float[] penalties;
    private final VerticalBlocks packed;
    private final double[] sums;
    private final int[] sizes;
    private final float[] farthestDistance;
    private final int[] farthestMember;
    private double total;

    Centres(int dimensions, int count) {
        this.dimensions = dimensions;
        this.count = count;
        this.centroids = new float[count * dimensions];
        this.penalties = new float[count];
        this.packed = new VerticalBlocks(dimensions);
        this.sums = new double[count * dimensions];
        this.sizes = new int[count];
        this.farthestDistance = new float[count];
        this.farthestMember = new int[count];
    }

    int count() {
        return count;
    }

    VerticalBlocks packed() {
        return packed;
    }

    void seed(RowSource rows, int[] members) {
        for (int c = 0; c < count; c++) {
            rows.copy(members[c], centroids, c * dimensions);
        }
        pack();
    }

    private void pack() {
        packed.resize(count);
        for (int c = 0; c < count; c++) {
            packed.putSquaredL2(c, centroids, c * dimensions);
            packed.bias()[c] += penalties[c];
        }
    }

    void clearSums() {
        Arrays.fill(sums, 0);
        Arrays.fill(sizes, 0);
        Arrays.fill(farthestDistance, Float.NEGATIVE_INFINITY);
        total = 0;
    }

    void add(int cluster, float[] row, int offset, int member, float penalised) {
        kernels.accumulate(row, offset, sums, cluster * dimensions, dimensions);
        sizes[cluster]++;
        float distance = penalised - penalties[cluster];
        total += Math.max(0, distance);
        if (distance > farthestDistance[cluster]) {
            farthestDistance[cluster] = distance;
            farthestMember[cluster] = member;
        }
    }

    /** Sum of the squared distances of the last assignment. */
    double objective() {
        return total;
    }

    /**
     * Moves every centre to the mean of its members, revives empty ones, and sets the penalties for
     * the next round.
     */
    void refine(RowSource rows, int[] sample, double balance) {
        for (int c = 0; c < count; c++) {
            if (sizes[c] > 0) {
                mean(c, centroids, c * dimensions);
            }
        }
        double meanSize = (double) sample.length / count;
        double meanDistance = total / sample.length;
        for (int c = 0; c < count; c++) {
            double wished = balance * meanDistance * (sizes[c] / meanSize - 1);
            // Half of the old penalty stays: without damping two neighbours swap their members for
            // ever.
            penalties[c] = (float) (0.5 * penalties[c] + 0.5 * wished);
        }
        revive(rows);
        pack();
    }

    /**
     * An empty centre takes the farthest member of the largest cluster that has not given one yet.
     */
    private void revive(RowSource rows) {
        boolean[] gave = new boolean[count];
        for (int c = 0; c < count; c++) {
            if (sizes[c] > 0) {
                continue;
            }
            int donor = -1;
            for (int other = 0; other < count; other++) {
                boolean better = donor < 0 || sizes[other] > sizes[donor];
                if (!gave[other] && sizes[other] > 1 && farthestDistance[other] > 0 && better) {
                    donor = other;
                }
            }
            if (donor < 0) {
                return;
            }
            gave[donor] = true;
            penalties[c] = 0;
            rows.copy(farthestMember[donor], centroids, c * dimensions);
        }
    }

    /** Copies the mean of a cluster that is not empty to {@code target[offset...]}. */
    void mean(int cluster, float[] target, int offset) {
        double inverse = 1.0 / sizes[cluster];
        for (int j = 0; j < dimensions; j++) {
            target[offset + j] = (float) (sums[cluster * dimensions + j] * inverse);
        }
    }
}
