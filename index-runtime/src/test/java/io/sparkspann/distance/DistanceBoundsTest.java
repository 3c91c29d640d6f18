package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorDomain;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Bounds of true distances, for vectors whose lengths differ by orders of magnitude. */
class DistanceBoundsTest {
    private static final int PAIRS = 3000;

    /** The metric that reports the true distance; ip has none. */
    private static Metric trueDistance(Metric metric) {
        return switch (metric) {
            case SQUARED_L2 -> Metric.L2;
            case COSINE, NORMALIZED_COSINE -> Metric.NORMALIZED_L2;
            default -> metric;
        };
    }

    private static float[] vector(Metric metric, int d, SplittableRandom random) {
        double length = Math.pow(10, random.nextDouble(-2, metric == Metric.POINCARE ? 6 : 3));
        float[] row = new float[d];
        double squared = 0;
        for (int j = 0; j < d; j++) {
            row[j] = (float) (length * random.nextGaussian());
            squared += j == 0 ? 0 : (double) row[j] * row[j];
        }
        if (metric.domain() == VectorDomain.HYPERBOLOID) {
            row[0] = (float) Math.sqrt(1 + squared);
        } else if (metric.domain() == VectorDomain.UNIT_BALL) {
            double scale = 1 / (1 + Math.sqrt(squared + (double) row[0] * row[0]));
            for (int j = 0; j < d; j++) {
                row[j] *= (float) scale;
            }
        }
        return row;
    }

    /** Rows off the hyperboloid stand for points on it, which have distances. */
    private static double distance(Metric metric, float[] x, float[] y) {
        if (metric != Metric.LORENTZ) {
            return TrueDistance.of(metric, x, y);
        }
        double squared = 1;
        double other = 1;
        double dot = 0;
        for (int j = 1; j < x.length; j++) {
            squared += (double) x[j] * x[j];
            other += (double) y[j] * y[j];
            dot += (double) x[j] * y[j];
        }
        double cosh = Math.max(1, Math.sqrt(squared * other) - dot);
        return Math.log(cosh + Math.sqrt(cosh * cosh - 1));
    }

    @ParameterizedTest
    @EnumSource(value = Metric.class, mode = Mode.EXCLUDE, names = "IP")
    void holdWhereKernelsRound(Metric metric) {
        SplittableRandom random = new SplittableRandom(metric.code());
        Metric reference = trueDistance(metric);
        for (int i = 0; i < PAIRS; i++) {
            int d = random.nextInt(2, 20);
            VectorSpace space = new VectorSpace(metric, ElementType.FLOAT32, d, 0);
            Geometry geometry = space.geometry();
            float[] x = vector(metric, d, random);
            float[] y = vector(metric, d, random);
            double distance = distance(reference, x, y);
            float[] a = new float[space.embeddedDimensions()];
            float[] b = new float[space.embeddedDimensions()];
            space.embedQuery(x, 0, a, 0);
            space.embedQuery(y, 0, b, 0);
            // The reference itself is rounded.
            double slack = 1e-12 * (1 + distance) + SampleVectors.referenceError(metric);
            assertThat(geometry.distanceAtMost(a, 0, b, 0))
                    .isGreaterThanOrEqualTo(distance - slack);
            assertThat(geometry.distanceAtLeast(a, 0, b, 0)).isLessThanOrEqualTo(distance + slack);
            float magnitude = space.queryMagnitude(a, 0, space.queryTerm(x, 0));
            float separation = geometry.separation(score(geometry, a, b), magnitude);
            assertThat((double) separation)
                    .isLessThanOrEqualTo(geometry.separationWithin(distance + slack, magnitude));
            assertThat(geometry.distanceAtMost(separation, magnitude))
                    .isGreaterThanOrEqualTo(distance - slack);
        }
    }

    private static float score(Geometry geometry, float[] query, float[] row) {
        float[] scores = new float[VerticalBlocks.LANES];
        KernelProvider.kernels()
                .score(
                        query,
                        new int[] {0},
                        1,
                        geometry.pack(row, 0, 1),
                        0,
                        1,
                        scores,
                        new int[] {0});
        return scores[0];
    }
}
