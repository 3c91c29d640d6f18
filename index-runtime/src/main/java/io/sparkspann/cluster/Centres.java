package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.VerticalBlocks;
import java.util.Arrays;

/**
 * Centres of a running k-means with the sums of their members. Package-internal state of one
 * thread.
 */
final class Centres {
    private final Geometry geometry;
    private final int dimensions;
    private final int sumDimensions;
    private final int count;
    private final float[] centroids;
    private final float[] penalties;
    private final VerticalBlocks packed;
    private final double[] sums;
    private final int[] sizes;
    private final float[] farthestDistance;
    private final int[] farthestMember;
    private double total;

    Centres(Geometry geometry, int count) {
        this.geometry = geometry;
        this.dimensions = geometry.dimensions();
        this.sumDimensions = geometry.sumDimensions();
        this.count = count;
        this.centroids = new float[count * dimensions];
        this.penalties = new float[count];
        this.packed = geometry.blocks();
        this.sums = new double[Math.multiplyExact(count, sumDimensions)];
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
            geometry.put(packed, c, centroids, c * dimensions);
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
        geometry.accumulate(row, offset, sums, cluster * sumDimensions);
        sizes[cluster]++;
        float distance = penalised - penalties[cluster];
        total += Math.max(0, distance);
        if (distance > farthestDistance[cluster]) {
            farthestDistance[cluster] = distance;
            farthestMember[cluster] = member;
        }
    }

    /** Sum of the separations of the last assignment. */
    double objective() {
        return total;
    }

    /**
     * Moves every centre to that of its members, revives empty ones, and sets the penalties for the
     * next round.
     */
    void refine(RowSource rows, int[] sample, double balance) {
        for (int c = 0; c < count; c++) {
            if (sizes[c] > 0) {
                copy(c, centroids, c * dimensions);
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

    /** Copies the centre of the members of a cluster that is not empty. */
    void copy(int cluster, float[] target, int offset) {
        geometry.centre(sums, cluster * sumDimensions, sizes[cluster], target, offset);
    }
}
