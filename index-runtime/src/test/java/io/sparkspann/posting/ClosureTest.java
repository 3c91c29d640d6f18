package io.sparkspann.posting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.cluster.RowSource;
import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VerticalBlocks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosureTest {
    private record Matrix(float[] values, int dimensions) implements RowSource {
        @Override
        public Geometry geometry() {
            return Geometry.euclidean(dimensions);
        }

        @Override
        public void copy(int number, float[] target, int offset) {
            System.arraycopy(values, number * dimensions, target, offset, dimensions);
        }

        int size() {
            return values.length / dimensions;
        }
    }

    /** Integers in small number: equal heads and ties abound, and all sums are exact. */
    private static Matrix integers(int n, int d, int values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rows = new float[n * d];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextInt(values);
        }
        return new Matrix(rows, d);
    }

    private static NearestLists candidates(Matrix vectors, Matrix heads, int capacity) {
        int d = heads.dimensions();
        VerticalBlocks packed = Geometry.euclidean(d).pack(heads.values(), 0, heads.size());
        NearestLists lists = new NearestLists(capacity);
        lists.reset(vectors.size());
        float[] scores = new float[packed.blockCount() * VerticalBlocks.LANES];
        for (int i = 0; i < vectors.size(); i++) {
            int[] offset = {i * d};
            KernelProvider.kernels()
                    .score(
                            vectors.values(),
                            offset,
                            1,
                            packed,
                            0,
                            packed.blockCount(),
                            scores,
                            new int[1]);
            for (int h = 0; h < heads.size(); h++) {
                lists.offer(i, scores[h], h);
            }
            lists.sort(i);
        }
        return lists;
    }

    private static double squared(Matrix a, int i, Matrix b, int j) {
        double sum = 0;
        for (int c = 0; c < a.dimensions(); c++) {
            double x = a.values()[i * a.dimensions() + c];
            sum += Math.pow(x - b.values()[j * b.dimensions() + c], 2);
        }
        return sum;
    }

    private static List<Integer> reference(
            NearestLists candidates, Matrix vectors, int i, Matrix heads, Rule rule) {
        List<Integer> ties = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        double nearest = squared(vectors, i, heads, candidates.number(i, 0));
        for (int r = 0; r < candidates.size(i); r++) {
            int head = candidates.number(i, r);
            all.add(head);
            if (squared(vectors, i, heads, head) == nearest) {
                ties.add(head);
            }
        }
        List<Integer> accepted = new ArrayList<>();
        accepted.add(ties.get((int) (rule.ordinal() % ties.size())));
        for (int head : all) {
            boolean rejected = accepted.size() == rule.replicas();
            for (int a : accepted) {
                double between = squared(heads, a, heads, head);
                double factor = rule.factor() * rule.factor();
                rejected |= between == 0 || factor * between < squared(vectors, i, heads, head);
            }
            if (!rejected) {
                accepted.add(head);
            }
        }
        return accepted;
    }

    private static Closure.Row row(float squaredNorm, long ordinal) {
        return new Closure.Row(new float[0], 0, squaredNorm, ordinal, head -> Closure.NO_HEAD);
    }

    private record Rule(double factor, int replicas, long ordinal) {}

    @ParameterizedTest
    @CsvSource({"0.25, 8", "0.5, 2", "1, 8", "1.5, 1", "2, 8", "4, 3", "1000, 8"})
    void selectionIsThatOfTheRule(double factor, int replicas) {
        for (int values : new int[] {2, 4, 1000}) {
            Matrix heads = integers(60, 3, values, 111);
            Matrix vectors = integers(300, 3, values, 112);
            NearestLists candidates = candidates(vectors, heads, 32);
            Closure closure = new Closure(heads, factor, replicas);
            for (int i = 0; i < 300; i++) {
                float norm =
                        KernelProvider.kernels()
                                .dot(vectors.values(), 3 * i, vectors.values(), 3 * i, 3);
                long ordinal = 4_000_000_000L + 7 * i;
                int selected = closure.select(candidates, i, row(norm, ordinal));
                Rule rule = new Rule(factor, replicas, ordinal);
                assertThat(selected).isBetween(1, replicas);
                List<Integer> heads1 = new ArrayList<>();
                for (int r = 0; r < selected; r++) {
                    heads1.add(closure.head(r));
                    assertThat((double) closure.distance(r))
                            .isCloseTo(
                                    Math.sqrt(squared(vectors, i, heads, closure.head(r))),
                                    within(1e-3));
                }
                assertThat(heads1).isEqualTo(reference(candidates, vectors, i, heads, rule));
            }
        }
    }

    @Test
    void aSingleCandidateIsHome() {
        Matrix heads = integers(1, 4, 9, 113);
        Matrix vectors = integers(5, 4, 9, 114);
        NearestLists candidates = candidates(vectors, heads, 32);
        Closure closure = new Closure(heads, 2, 8);
        for (int i = 0; i < 5; i++) {
            assertThat(closure.select(candidates, i, row(0f, i))).isEqualTo(1);
            assertThat(closure.head(0)).isZero();
        }
    }

    @Test
    void equalHeadsShareTheirVectorsEvenlyAndNoneGetsAVectorTwice() {
        Matrix heads = new Matrix(new float[10 * 2], 2);
        Matrix vectors = new Matrix(new float[100 * 2], 2);
        NearestLists candidates = candidates(vectors, heads, 32);
        Closure closure = new Closure(heads, 100, 8);
        int[] sizes = new int[10];
        for (int i = 0; i < 100; i++) {
            assertThat(closure.select(candidates, i, row(0f, i))).isEqualTo(1);
            sizes[closure.head(0)]++;
            assertThat(closure.distance(0)).isZero();
        }
        assertThat(sizes).containsOnly(10);
    }

    @Test
    void noTwoSelectedHeadsAreEqual() {
        Matrix heads = integers(80, 2, 3, 115);
        Matrix vectors = integers(200, 2, 5, 116);
        NearestLists candidates = candidates(vectors, heads, 40);
        Closure closure = new Closure(heads, 1e6, 8);
        for (int i = 0; i < 200; i++) {
            int selected = closure.select(candidates, i, row(0f, i));
            Set<List<Float>> rows = new HashSet<>();
            for (int r = 0; r < selected; r++) {
                int at = closure.head(r) * 2;
                rows.add(List.of(heads.values()[at], heads.values()[at + 1]));
            }
            assertThat(rows).hasSize(selected);
        }
    }

    @Test
    void farFromTheOriginEveryVectorStillHasItsHome() {
        SplittableRandom random = new SplittableRandom(117);
        float[] rows = new float[40 * 16];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (1000 + random.nextGaussian());
        }
        Matrix heads = new Matrix(rows, 16);
        NearestLists candidates = candidates(heads, heads, 32);
        Closure closure = new Closure(heads, 2, 8);
        for (int i = 0; i < 40; i++) {
            float norm = KernelProvider.kernels().dot(rows, 16 * i, rows, 16 * i, 16);
            int selected = closure.select(candidates, i, row(norm, i));
            assertThat(selected).isBetween(1, 8);
            for (int r = 0; r < selected; r++) {
                assertThat(closure.distance(r)).isNotNegative().isFinite();
            }
        }
    }

    private static final int FIRST_OF_LEAF = 500;

    /** Says for a crowd that its home is far behind what the candidates show. */
    private static Closure.Row crowded(float[] rows, int offset, float magnitude, long ordinal) {
        return new Closure.Row(
                rows, offset, magnitude, ordinal, head -> FIRST_OF_LEAF + (int) ordinal);
    }

    @Test
    void a_vector_among_too_many_equal_heads_is_at_home_in_its_own_leaf_alone() {
        float[] rows = new float[600 * 4];
        SplittableRandom random = new SplittableRandom(118);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (0.5 + 1e-7 * random.nextGaussian());
        }
        Matrix heads = new Matrix(rows, 4);
        NearestLists candidates = candidates(heads, heads, 32);
        Closure closure = new Closure(heads, 2, 8);
        for (int i = 0; i < 50; i++) {
            assertThat(closure.select(candidates, i, crowded(rows, 4 * i, 1f, i))).isEqualTo(1);
            assertThat(closure.head(0)).isEqualTo(FIRST_OF_LEAF + i);
            float[] home = new float[4];
            heads.copy(FIRST_OF_LEAF + i, home, 0);
            float squared = KernelProvider.kernels().squaredL2(rows, 4 * i, home, 0, 4);
            assertThat(closure.distance(0)).isEqualTo((float) Math.sqrt(squared));
        }
    }

    @Test
    void heads_that_are_equally_near_but_not_equal_are_chosen_by_the_rule() {
        // 12 corners, all at distance 1 from the vector.
        float[] rows = new float[600 * 12];
        for (int i = 0; i < 600; i++) {
            rows[i * 12 + i % 12] = i < 12 ? 1 : 2;
        }
        Matrix heads = new Matrix(rows, 12);
        Matrix vectors = new Matrix(new float[12], 12);
        NearestLists candidates = candidates(vectors, heads, 32);
        Closure closure = new Closure(heads, 2, 8);
        assertThat(closure.select(candidates, 0, crowded(new float[12], 0, 1f, 5))).isEqualTo(8);
        assertThat(closure.head(0)).isEqualTo(5);
    }

    @Test
    void vectors_that_are_no_crowd_are_not_sent_to_their_own_leaf() {
        SplittableRandom random = new SplittableRandom(119);
        float[] rows = new float[600 * 8];
        for (int i = 0; i < rows.length; i++) {
            // Every head five times: too few for a crowd.
            rows[i] = i < 120 * 8 ? (float) random.nextGaussian() : rows[i - 120 * 8];
        }
        Matrix heads = new Matrix(rows, 8);
        NearestLists candidates = candidates(heads, heads, 32);
        Closure own = new Closure(heads, 2, 8);
        Closure plain = new Closure(heads, 2, 8);
        for (int i = 0; i < 600; i++) {
            float norm = KernelProvider.kernels().dot(rows, 8 * i, rows, 8 * i, 8);
            int selected = own.select(candidates, i, crowded(rows, 8 * i, norm, i % 100));
            assertThat(plain.select(candidates, i, row(norm, i % 100))).isEqualTo(selected);
            for (int r = 0; r < selected; r++) {
                assertThat(own.head(r)).isEqualTo(plain.head(r));
                assertThat(own.distance(r)).isEqualTo(plain.distance(r));
            }
        }
    }
}
