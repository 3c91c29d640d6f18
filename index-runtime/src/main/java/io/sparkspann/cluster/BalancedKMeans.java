package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VerticalBlocks;
import java.util.Arrays;

/**
 * Lloyd's k-means in which crowded clusters repel: a point goes to the centre with the least {@code
 * s(x,c) + penalty(c)}, s being the {@link Geometry separation}, where the penalty grows with the
 * size that the cluster had in the round before (SPANN section 3.1; the scale of the penalty is
 * relative to the mean separation, so that it means the same for every data set).
 *
 * <p>Deterministic: the same rows in the same order and the same seed give the same clusters. One
 * instance serves one thread.
 */
public final class BalancedKMeans {
    private static final int ROUNDS = 10;
    private static final double LEAST_GAIN = 1e-3;
    private static final int SAMPLES_PER_CLUSTER = 128;
    private static final int TILE_ROWS = 64;

    private final Kernels kernels = KernelProvider.kernels();
    private final RowSource rows;
    private final Geometry geometry;
    private final int dimensions;
    private final double balance;
    private final float[] tile;
    private final int[] tileOffsets = new int[TILE_ROWS];
    private float[] scores = new float[0];

    /**
     * @param balance strength of the penalty: a cluster of twice the mean size is farther by this
     *     part of the mean separation; 0 is plain k-means
     */
    public BalancedKMeans(RowSource rows, double balance) {
        this.rows = rows;
        this.geometry = rows.geometry();
        this.dimensions = rows.dimensions();
        this.balance = balance;
        this.tile = new float[TILE_ROWS * dimensions];
        for (int i = 0; i < TILE_ROWS; i++) {
            tileOffsets[i] = i * dimensions;
        }
    }

    /**
     * Clusters {@code members[from, to)} into at most {@code k} groups and reorders them, so that
     * every group is a run, in its old order.
     *
     * @param k number of clusters wished for, at least 1
     * @return the clusters that are not empty
     */
    public Clusters cluster(int[] members, int from, int to, int k, long seed) {
        int n = to - from;
        int count = Math.min(k, n);
        if (count <= 1) {
            return new Clusters(new int[] {from, to}, centre(members, from, to));
        }
        int[] sample =
                Seeds.pick(members, from, to, Math.multiplyExact(count, SAMPLES_PER_CLUSTER), seed);
        Centres centres = new Centres(geometry, count);
        centres.seed(rows, Seeds.pick(sample, 0, sample.length, count, seed + 1));
        int[] assignment = new int[Math.max(sample.length, n)];
        double last = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            double objective = assign(centres, sample, 0, sample.length, assignment);
            centres.refine(rows, sample, balance);
            if (last - objective <= LEAST_GAIN * objective) {
                break;
            }
            last = objective;
        }
        assign(centres, members, from, to, assignment);
        return group(members, from, to, assignment, centres);
    }

    private double assign(Centres centres, int[] members, int from, int to, int[] assignment) {
        VerticalBlocks packed = centres.packed();
        int lanes = packed.blockCount() * VerticalBlocks.LANES;
        if (scores.length < TILE_ROWS * lanes) {
            scores = new float[TILE_ROWS * lanes];
        }
        int[] targets = Kernels.rowTargets(TILE_ROWS, lanes);
        centres.clearSums();
        for (int start = from; start < to; start += TILE_ROWS) {
            int count = Math.min(TILE_ROWS, to - start);
            for (int i = 0; i < count; i++) {
                rows.copy(members[start + i], tile, i * dimensions);
            }
            kernels.score(
                    tile, tileOffsets, count, packed, 0, packed.blockCount(), scores, targets);
            for (int i = 0; i < count; i++) {
                int cluster = kernels.argMin(scores, i * lanes, lanes);
                assignment[start - from + i] = cluster;
                float magnitude = geometry.magnitude(tile, i * dimensions);
                float penalised = geometry.separation(scores[i * lanes + cluster], magnitude);
                centres.add(cluster, tile, i * dimensions, members[start + i], penalised);
            }
        }
        return centres.objective();
    }

    private float[] centre(int[] members, int from, int to) {
        float[] mean = new float[dimensions];
        if (from < to) {
            double[] sums = new double[geometry.sumDimensions()];
            for (int i = from; i < to; i++) {
                rows.copy(members[i], tile, 0);
                geometry.accumulate(tile, 0, sums, 0);
            }
            geometry.centre(sums, 0, to - from, mean, 0);
        }
        return mean;
    }

    private Clusters group(int[] members, int from, int to, int[] assignment, Centres centres) {
        int k = centres.count();
        int[] next = new int[k + 1];
        for (int i = 0; i < to - from; i++) {
            next[assignment[i] + 1]++;
        }
        for (int c = 0; c < k; c++) {
            next[c + 1] += next[c];
        }
        int[] starts = next.clone();
        int[] sorted = new int[to - from];
        for (int i = 0; i < to - from; i++) {
            sorted[next[assignment[i]]++] = members[from + i];
        }
        System.arraycopy(sorted, 0, members, from, to - from);
        int[] bounds = new int[k + 1];
        float[] means = new float[k * dimensions];
        int kept = 0;
        bounds[0] = from;
        for (int c = 0; c < k; c++) {
            if (starts[c + 1] > starts[c]) {
                centres.copy(c, means, kept * dimensions);
                bounds[++kept] = from + starts[c + 1];
            }
        }
        return new Clusters(
                Arrays.copyOf(bounds, kept + 1), Arrays.copyOf(means, kept * dimensions));
    }
}
