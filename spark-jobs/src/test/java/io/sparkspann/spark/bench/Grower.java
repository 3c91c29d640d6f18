package io.sparkspann.spark.bench;

import io.sparkspann.cluster.BalancedKMeans;
import io.sparkspann.cluster.Clusters;
import io.sparkspann.cluster.RowSource;
import io.sparkspann.cluster.Seeds;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes many vectors out of some real ones, so that their structure stays: a new vector is a real
 * one, moved by differences between vectors of the same small cluster, mixed with random weights.
 * The moves have the covariance of the cluster, so new vectors spread in the directions in which
 * the real ones vary there, and as far: the local intrinsic dimension stays, and distances to
 * neighbours shrink with size as those of a larger real sample do.
 *
 * <p>Every vector depends on its number and the seed only. Immutable, so thread-safe.
 */
final class Grower {
    /** How far vectors are moved, in standard deviations of their cluster. */
    static final double SPREAD = 0.7;

    /** Vectors of a cluster, about. */
    private static final int CLUSTER = 64;

    /** Differences that are mixed. */
    private static final int MIXED = 24;

    private static final int UINT8_MOST = 255;

    private final VectorBlock base;
    private final long seed;
    private final double spread;
    private final int[] members;
    private final int[] clusterOf;
    private final int[] bounds;

    Grower(VectorBlock base, long seed) {
        this(base, seed, SPREAD);
    }

    Grower(VectorBlock base, long seed, double spread) {
        this.base = base;
        this.seed = seed;
        this.spread = spread;
        this.members = IntStream.range(0, base.size()).toArray();
        this.bounds = clusters();
        this.clusterOf = new int[base.size()];
        for (int c = 0; c + 1 < bounds.length; c++) {
            for (int i = bounds[c]; i < bounds[c + 1]; i++) {
                clusterOf[members[i]] = c;
            }
        }
    }

    private int[] clusters() {
        VectorSpace space = new VectorSpace(Metric.L2, base.type(), base.dimensions(), 0);
        BalancedKMeans kMeans = new BalancedKMeans(RowSource.of(space, base), 1);
        int n = base.size();
        int top = (int) Math.ceil(Math.sqrt((double) n / CLUSTER));
        // The clusters of the data are the same whatever is made of them.
        Clusters large = kMeans.cluster(members, 0, n, top, 1);
        int[] starts = new int[n + 1];
        int count = 0;
        for (int c = 0; c < large.count(); c++) {
            int from = large.bounds()[c];
            int to = large.bounds()[c + 1];
            int parts = Math.max(1, (to - from) / CLUSTER);
            Clusters small = kMeans.cluster(members, from, to, parts, 1);
            for (int s = 0; s < small.count(); s++) {
                starts[++count] = small.bounds()[s + 1];
            }
        }
        return Arrays.copyOf(starts, count + 1);
    }

    /** Base vectors first, then new ones: vectors {@code [first, first + count)} of the file. */
    VectorBlock rows(long first, int count) {
        return rows(first, count, base.size());
    }

    /** New vectors only, such as queries. */
    VectorBlock newRows(long first, int count) {
        return rows(first, count, 0);
    }

    private VectorBlock rows(long first, int count, long real) {
        VectorBlock block = VectorBlock.allocate(base.type(), base.dimensions(), count);
        IntStream.range(0, count)
                .parallel()
                .forEach(
                        i -> {
                            if (first + i < real) {
                                base.copyTo((int) (first + i), block, i);
                            } else {
                                grow(first + i, block, i);
                            }
                        });
        return block;
    }

    private void grow(long number, VectorBlock block, int row) {
        SplittableRandom random = new SplittableRandom(Seeds.mix(seed, number));
        int d = base.dimensions();
        int origin = random.nextInt(base.size());
        int cluster = clusterOf[origin];
        int from = bounds[cluster];
        int size = bounds[cluster + 1] - from;
        float[] sum = new float[d];
        float[] one = new float[d];
        base.copyTo(origin, sum, 0);
        for (int m = 0; m < MIXED; m++) {
            // A difference of two vectors varies twice as much as one.
            double weight = spread * random.nextGaussian() / Math.sqrt(2.0 * MIXED);
            base.copyTo(members[from + random.nextInt(size)], one, 0);
            add(sum, one, weight);
            base.copyTo(members[from + random.nextInt(size)], one, 0);
            add(sum, one, -weight);
        }
        put(sum, block, row);
    }

    private static void add(float[] sum, float[] vector, double weight) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += (float) (weight * vector[j]);
        }
    }

    private static void put(float[] vector, VectorBlock block, int row) {
        int d = vector.length;
        if (block.type() == ElementType.FLOAT32) {
            System.arraycopy(vector, 0, block.floats(), row * d, d);
            return;
        }
        int least = block.type() == ElementType.UINT8 ? 0 : Byte.MIN_VALUE;
        int most = block.type() == ElementType.UINT8 ? UINT8_MOST : Byte.MAX_VALUE;
        for (int j = 0; j < d; j++) {
            int value = Math.max(least, Math.min(most, Math.round(vector[j])));
            block.bytes()[row * d + j] = (byte) value;
        }
    }
}
