package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exact search and range search in trees that are embedded in hyperbolic space, far out. */
class HyperbolicSearchTest {
    private static final int D = 10;
    private static final int BRANCHES = 8;
    private static final int QUERIES = 50;
    private static final int K = 10;

    @TempDir Path folder;

    /**
     * A tree whose root is at the origin: a child is farther out than its parent by {@code step},
     * in about the direction of its parent, and no farther than {@code radius}; the last levels
     * gather there.
     */
    private static VectorBlock tree(Metric metric, int n, double radius, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int depth = (int) Math.ceil(Math.log(n) / Math.log(BRANCHES));
        double step = radius / depth;
        double[][] directions = new double[n][];
        double[] radii = new double[n];
        VectorBlock block =
                VectorBlock.allocate(ElementType.FLOAT32, metric == Metric.LORENTZ ? D + 1 : D, n);
        for (int i = 0; i < n; i++) {
            int parent = (i - 1) / BRANCHES;
            double spread = i == 0 ? 1 : Math.exp(-radii[parent]);
            radii[i] = i == 0 ? 0 : Math.min(radius, radii[parent] + step);
            directions[i] = new double[D];
            double squared = 0;
            for (int j = 0; j < D; j++) {
                double before = i == 0 ? 0 : directions[parent][j];
                directions[i][j] = before + spread * random.nextGaussian() / Math.sqrt(D);
                squared += directions[i][j] * directions[i][j];
            }
            for (int j = 0; j < D; j++) {
                directions[i][j] /= Math.sqrt(squared);
            }
            // Every ninth vector is that of its predecessor.
            int shown = i % 9 == 8 ? i - 1 : i;
            block.set(i, point(metric, directions[shown], radii[shown]));
        }
        return block;
    }

    private static float[] point(Metric metric, double[] direction, double radius) {
        int from = metric == Metric.LORENTZ ? 1 : 0;
        double length = from == 1 ? Math.sinh(radius) : Math.tanh(radius / 2);
        float[] point = new float[D + from];
        double squared = 1;
        for (int j = 0; j < D; j++) {
            point[from + j] = (float) (length * direction[j]);
            squared += (double) point[from + j] * point[from + j];
        }
        if (from == 1) {
            point[0] = (float) Math.sqrt(squared);
        }
        return point;
    }

    /** Distance from the origin of a point of the Poincaré ball with this norm. */
    private static double radius(double norm) {
        return Math.log((1 + norm) / (1 - norm));
    }

    private static VectorBlock someOf(VectorBlock base) {
        return base.gather(IntStream.range(0, QUERIES).map(i -> i * 397 % base.size()).toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "POINCARE, 0.99",
        "POINCARE, 0.999",
        "POINCARE, 0.9999",
        "LORENTZ, 0.99",
        "LORENTZ, 0.999"
    })
    void mostDistancesAreNotComputed(Metric metric, double norm) throws IOException {
        VectorBlock base = tree(metric, 20000, radius(norm), 1);
        VectorBlock queries = someOf(base);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, metric, 2, folder))) {
            ScanStats stats = new ScanStats();
            QueryRows rows = QueryRows.of(index.files().space(), queries);
            new BatchSearch(index, 1, stats).searchExact(rows, K);
            double computed = (double) stats.distances() / QUERIES / base.size();
            assertThat(computed).isLessThan(0.2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POINCARE, 0.9", "POINCARE, 0.999", "POINCARE, 0.99999", "POINCARE, 0.999999",
        "LORENTZ, 0.9", "LORENTZ, 0.999", "LORENTZ, 0.99999", "LORENTZ, 0.999999"
    })
    void isBruteForce(Metric metric, double norm) throws IOException {
        for (int seed = 1; seed <= 3; seed++) {
            VectorBlock base = tree(metric, 3000, radius(norm), seed);
            if (metric == Metric.LORENTZ && seed == 3) {
                leaveHyperboloid(base);
            }
            VectorBlock queries = someOf(base);
            try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, metric, 2, folder))) {
                check(index, base, queries);
            }
        }
    }

    /** As far as is allowed, nearly. */
    private static void leaveHyperboloid(VectorBlock base) {
        double part = 0.48 * VectorDomain.HYPERBOLOID_TOLERANCE;
        for (int i = 0; i < base.size(); i++) {
            base.floats()[i * (D + 1)] *= (float) (i % 2 == 0 ? 1 + part : 1 - part);
        }
    }

    private static void check(SpannIndex index, VectorBlock base, VectorBlock queries) {
        VectorSpace space = index.files().space();
        Neighbors found = index.searchExact(queries, K);
        for (int q = 0; q < QUERIES; q++) {
            float[] query = SampleVectors.row(queries, q);
            float[] keys = new float[base.size()];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = space.exactKey(query, 0, SampleVectors.row(base, i), 0, 1);
            }
            int[] sorted =
                    IntStream.range(0, keys.length)
                            .boxed()
                            .sorted(
                                    Comparator.<Integer>comparingDouble(i -> keys[i])
                                            .thenComparing(i -> i))
                            .mapToInt(i -> i)
                            .toArray();
            for (int r = 0; r < K; r++) {
                assertThat(found.id(q, r)).isEqualTo(sorted[r]);
                assertThat(found.distance(q, r)).isEqualTo(keys[sorted[r]]);
            }
            for (int rank : new int[] {0, 20, 500}) {
                float limit = keys[sorted[rank]];
                long within = IntStream.range(0, keys.length).filter(i -> keys[i] <= limit).count();
                Neighbors near = index.searchRange(query, limit);
                assertThat(near.count(0)).isEqualTo((int) within);
                assertThat(near.distance(0, (int) within - 1)).isEqualTo(limit);
            }
        }
    }
}
