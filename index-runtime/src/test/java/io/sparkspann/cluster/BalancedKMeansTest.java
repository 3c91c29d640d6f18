package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BalancedKMeansTest {
    private static RowSource rows(VectorBlock block) {
        return RowSource.of(SampleVectors.space(Metric.L2, block), block);
    }

    private static int[] identity(int n) {
        int[] members = new int[n];
        Arrays.setAll(members, i -> i);
        return members;
    }

    @ParameterizedTest
    @EnumSource
    void clustersAreRunsOfAllMembersInTheirOldOrder(Shape shape) {
        int n = 700;
        VectorBlock block = SampleVectors.of(shape, ElementType.FLOAT32, 9, n, 51);
        for (int k : new int[] {1, 2, 3, 16, 17, 64, 400, 699, 700, 2000}) {
            for (double balance : new double[] {0, 0.5, 5}) {
                int[] members = identity(n);
                Clusters clusters =
                        new BalancedKMeans(rows(block), balance).cluster(members, 20, n - 10, k, 7);
                checkRuns(members, 20, n - 10, clusters, k);
                checkMeans(block, members, clusters);
            }
        }
    }

    private static void checkRuns(int[] members, int from, int to, Clusters clusters, int k) {
        assertThat(clusters.count()).isBetween(1, k);
        assertThat(clusters.bounds()[0]).isEqualTo(from);
        assertThat(clusters.bounds()[clusters.count()]).isEqualTo(to);
        for (int i = 0; i < members.length; i++) {
            if (i < from || i >= to) {
                assertThat(members[i]).isEqualTo(i);
            }
        }
        int[] sorted = Arrays.copyOfRange(members, from, to);
        Arrays.sort(sorted);
        for (int i = from; i < to; i++) {
            assertThat(sorted[i - from]).isEqualTo(i);
        }
        for (int c = 0; c < clusters.count(); c++) {
            assertThat(clusters.size(c)).isPositive();
            for (int i = clusters.bounds()[c] + 1; i < clusters.bounds()[c + 1]; i++) {
                assertThat(members[i]).isGreaterThan(members[i - 1]);
            }
        }
    }

    private static void checkMeans(VectorBlock block, int[] members, Clusters clusters) {
        int d = block.dimensions();
        assertThat(clusters.means()).hasSize(clusters.count() * d);
        for (int c = 0; c < clusters.count(); c++) {
            for (int j = 0; j < d; j++) {
                double sum = 0;
                for (int i = clusters.bounds()[c]; i < clusters.bounds()[c + 1]; i++) {
                    sum += block.floats()[members[i] * d + j];
                }
                assertThat(clusters.means()[c * d + j]).isEqualTo((float) (sum / clusters.size(c)));
            }
        }
    }

    @Test
    void sameSeedSameClusters() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 8, 600, 52);
        int[][] results = new int[3][];
        Clusters[] clusters = new Clusters[3];
        for (int run = 0; run < 3; run++) {
            results[run] = identity(600);
            BalancedKMeans kMeans = new BalancedKMeans(rows(block), 1);
            if (run == 1) {
                // An instance that has worked before.
                kMeans.cluster(identity(600), 0, 600, 50, 9);
            }
            clusters[run] = kMeans.cluster(results[run], 0, 600, 20, run < 2 ? 1 : 2);
        }
        assertThat(results[1]).isEqualTo(results[0]);
        assertThat(clusters[1].means()).isEqualTo(clusters[0].means());
        assertThat(results[2]).isNotEqualTo(results[0]);
    }

    @Test
    void equalVectorsAreOneCluster() {
        VectorBlock block = VectorBlock.ofFloats(3, new float[3 * 200]);
        Arrays.fill(block.floats(), 2.5f);
        int[] members = identity(200);
        Clusters clusters = new BalancedKMeans(rows(block), 1).cluster(members, 0, 200, 10, 3);
        checkRuns(members, 0, 200, clusters, 10);
        assertThat(clusters.count()).isEqualTo(1);
        assertThat(clusters.means()).containsExactly(2.5f, 2.5f, 2.5f);
    }

    @Test
    void twoDistinctPointsAreTwoClusters() {
        VectorBlock block = VectorBlock.ofFloats(2, new float[2 * 100]);
        for (int i = 0; i < 100; i++) {
            block.floats()[2 * i] = i % 10 == 3 ? 1 : 0;
        }
        for (long seed = 0; seed < 20; seed++) {
            for (int k : new int[] {2, 5, 100}) {
                int[] members = identity(100);
                Clusters clusters =
                        new BalancedKMeans(rows(block), 0).cluster(members, 0, 100, k, seed);
                checkRuns(members, 0, 100, clusters, k);
                assertThat(clusters.count()).as("seed %d, k %d", seed, k).isEqualTo(2);
            }
        }
    }

    @Test
    void objectiveIsFarBetterThanThatOfRandomClusters() {
        int n = 1200;
        int d = 6;
        int k = 12;
        SplittableRandom random = new SplittableRandom(53);
        VectorBlock block = VectorBlock.allocate(ElementType.FLOAT32, d, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                block.floats()[i * d + j] =
                        (float) (10 * Math.sin(i % k * 5 + j) + random.nextGaussian());
            }
        }
        double total = objective(block, identity(n), new int[] {0, n});
        for (double balance : new double[] {0, 1}) {
            int[] members = identity(n);
            Clusters clusters =
                    new BalancedKMeans(rows(block), balance).cluster(members, 0, n, k, 5);
            assertThat(objective(block, members, clusters.bounds())).isLessThan(0.25 * total);
        }
    }

    @Test
    void penaltyEvensSizesOut() {
        int n = 2000;
        SplittableRandom random = new SplittableRandom(54);
        VectorBlock block = VectorBlock.allocate(ElementType.FLOAT32, 4, n);
        for (int i = 0; i < block.floats().length; i++) {
            double x = random.nextGaussian();
            block.floats()[i] = (float) (x * x * x);
        }
        assertThat(largest(block, 1)).isLessThan(largest(block, 0));
    }

    private static int largest(VectorBlock block, double balance) {
        Clusters clusters =
                new BalancedKMeans(rows(block), balance)
                        .cluster(identity(block.size()), 0, block.size(), 20, 6);
        int largest = 0;
        for (int c = 0; c < clusters.count(); c++) {
            largest = Math.max(largest, clusters.size(c));
        }
        return largest;
    }

    /** Sum of squared distances to the means of the runs. */
    private static double objective(VectorBlock block, int[] members, int[] bounds) {
        int d = block.dimensions();
        double total = 0;
        for (int c = 0; c + 1 < bounds.length; c++) {
            for (int j = 0; j < d; j++) {
                double sum = 0;
                double squares = 0;
                for (int i = bounds[c]; i < bounds[c + 1]; i++) {
                    double x = block.floats()[members[i] * d + j];
                    sum += x;
                    squares += x * x;
                }
                total += squares - sum * sum / (bounds[c + 1] - bounds[c]);
            }
        }
        return total;
    }
}
