package io.sparkspann.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VectorSpaceTest {
    private static final int[] DIMENSIONS = {1, 2, 17, 128, 960};

    static Stream<Arguments> metricsAndTypes() {
        return Arrays.stream(Metric.values())
                .flatMap(
                        metric ->
                                Arrays.stream(ElementType.values())
                                        .filter(type -> metric.accepts(type))
                                        .map(type -> Arguments.of(metric, type)));
    }

    @ParameterizedTest
    @MethodSource("metricsAndTypes")
    void theDistanceOfEmbeddedVectorsGrowsWithTheKey(Metric metric, ElementType type) {
        for (int d : DIMENSIONS) {
            VectorBlock base = SampleVectors.of(metric, Shape.RANDOM, type, d, 20, 11);
            VectorSpace space = SampleVectors.space(metric, base);
            int e = space.embeddedDimensions();
            boolean more = metric == Metric.IP || metric == Metric.POINCARE;
            assertThat(e).isEqualTo(more ? d + 1 : d);
            for (int i = 0; i < base.size(); i++) {
                float[] query = SampleVectors.row(base, (i * 7 + 3) % base.size());
                float[] embedded = filled(e + 2);
                float[] embeddedQuery = filled(e + 2);
                space.embed(base, i, embedded, 1);
                space.embedQuery(query, 0, embeddedQuery, 1);
                assertThat(new float[] {embedded[0], embedded[e + 1]}).containsOnly(-5f);
                double found =
                        space.geometry()
                                .distance(
                                        space.geometry().separation(embedded, 1, embeddedQuery, 1));
                double distance = TrueDistance.of(metric, SampleVectors.row(base, i), query);
                double norm = SampleVectors.dot(query, query);
                // Distances near 0 are the roots of squares that carry errors.
                double tolerance =
                        metric.isOfBits()
                                ? 1e-6
                                : Math.sqrt(1e-6 * (1 + space.maxSquaredNorm() + norm) * 2);
                assertThat(found)
                        .isCloseTo(embeddedDistance(space, norm, distance), within(tolerance));
            }
        }
    }

    private static double embeddedDistance(VectorSpace space, double norm, double distance) {
        return switch (space.metric()) {
            case SQUARED_L2 -> Math.sqrt(distance);
            case COSINE, NORMALIZED_COSINE -> Math.sqrt(2 * distance);
            case IP -> Math.sqrt(norm + space.maxSquaredNorm() - 2 * distance);
            default -> distance;
        };
    }

    private static float[] filled(int n) {
        float[] values = new float[n];
        Arrays.fill(values, -5f);
        return values;
    }

    @ParameterizedTest
    @MethodSource("metricsAndTypes")
    void exactKeysAreTheMetricInDoublePrecision(Metric metric, ElementType type) {
        for (Shape shape : Shape.values()) {
            for (int d : DIMENSIONS) {
                VectorBlock base = SampleVectors.of(metric, shape, type, d, 40, 12);
                VectorSpace space = SampleVectors.space(metric, base);
                VerticalBlocks blocks = stored(space, base);
                for (int i = 0; i < base.size(); i++) {
                    float[] query = SampleVectors.row(base, (i * 7 + 3) % base.size());
                    float[] row = SampleVectors.row(base, i);
                    double distance = TrueDistance.of(metric, row, query);
                    float key = space.exactKey(query, 0, blocks, i);
                    assertThat(key).isEqualTo(space.exactKey(query, 0, row, 0, 1));
                    double rounding = Math.abs(distance) * 0x1p-23 + error(metric, query, row);
                    assertThat((double) space.reported(key)).isCloseTo(distance, within(rounding));
                    assertThat(space.key(space.reported(key))).isEqualTo(key);
                }
            }
        }
    }

    private static double error(Metric metric, float[] a, float[] b) {
        double magnitude =
                metric.isOfBits() ? 1 : SampleVectors.dot(a, a) + SampleVectors.dot(b, b) + 1;
        return magnitude * SampleVectors.referenceError(metric);
    }

    @Test
    void aVectorIsAtDistanceZeroOfItself() {
        for (Metric metric : new Metric[] {Metric.L2, Metric.COSINE}) {
            VectorBlock base = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 128, 40, 13);
            VectorSpace space = SampleVectors.space(metric, base);
            for (int i = 0; i < base.size(); i++) {
                float[] row = SampleVectors.row(base, i);
                assertThat((double) space.exactKey(row, 0, row, 0, 1)).isBetween(0.0, 1e-15);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metricsAndTypes")
    void theLimitExcludesNoVectorThatIsNearEnough(Metric metric, ElementType type) {
        for (Shape shape : Shape.values()) {
            for (int d : DIMENSIONS) {
                checkLimit(metric, SampleVectors.of(metric, shape, type, d, 64, 14 + d), shape);
            }
        }
    }

    private static void checkLimit(Metric metric, VectorBlock base, Shape shape) {
        VectorSpace space = SampleVectors.space(metric, base);
        int d = base.dimensions();
        int n = base.size();
        VerticalBlocks blocks = stored(space, base);
        float[] rows = SampleVectors.rows(base);
        int[] offsets = new int[n];
        Arrays.setAll(offsets, i -> i * d);
        if (!base.type().isByte() && isFree(metric)) {
            SplittableRandom random = new SplittableRandom(15);
            for (int i = 0; i < rows.length; i += 3) {
                rows[i] *= (float) (1 + 1e-6 * random.nextGaussian());
            }
        }
        float[] scored = new float[rows.length];
        for (int i = 0; i < n; i++) {
            space.scoredQuery(rows, scored, i * d);
        }
        float maxNorm = 0;
        for (int i = 0; i < n; i++) {
            maxNorm = Math.max(maxNorm, space.norm(SampleVectors.row(base, i), 0));
        }
        float[] scores = new float[n * n];
        int[] targets = Kernels.rowTargets(n, 16 * blocks.blockCount());
        KernelProvider.kernels()
                .score(scored, offsets, n, blocks, 0, blocks.blockCount(), scores, targets);
        for (int q = 0; q < n; q++) {
            float term = space.queryTerm(rows, q * d);
            float[] keys = new float[n];
            for (int i = 0; i < n; i++) {
                keys[i] = space.exactKey(rows, q * d, blocks, i);
            }
            for (float key : keys) {
                float limit = space.scoreLimit(key, term, maxNorm);
                for (int i = 0; i < n; i++) {
                    if (keys[i] <= key && !(scores[q * n + i] <= limit)) {
                        throw new AssertionError(
                                "%s %s d %d: key %s, limit %s, but vector of key %s scores %s"
                                        .formatted(
                                                metric,
                                                shape,
                                                d,
                                                key,
                                                limit,
                                                keys[i],
                                                scores[q * n + i]));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metricsAndTypes")
    void noKeyExceedsTheBoundOfItsEmbeddedScore(Metric metric, ElementType type) {
        for (Shape shape : Shape.values()) {
            for (int d : DIMENSIONS) {
                checkBound(metric, SampleVectors.of(metric, shape, type, d, 48, 16 + d));
            }
        }
    }

    private static void checkBound(Metric metric, VectorBlock base) {
        VectorSpace space = SampleVectors.space(metric, base);
        Geometry geometry = space.geometry();
        int e = geometry.dimensions();
        int n = base.size();
        float[] embedded = new float[n * e];
        float[] queries = new float[n * e];
        for (int i = 0; i < n; i++) {
            space.embed(base, i, embedded, i * e);
            space.embedQuery(SampleVectors.row(base, i), 0, queries, i * e);
        }
        VerticalBlocks packed = geometry.pack(embedded, 0, n);
        int[] offsets = new int[n];
        Arrays.setAll(offsets, i -> i * e);
        float[] scores = new float[n * n];
        KernelProvider.kernels()
                .score(queries, offsets, n, packed, 0, n / 16, scores, Kernels.rowTargets(n, n));
        for (int q = 0; q < n; q++) {
            float[] query = SampleVectors.row(base, q);
            float magnitude = space.queryMagnitude(queries, q * e, space.queryTerm(query, 0));
            for (int i = 0; i < n; i++) {
                float key = space.exactKey(query, 0, SampleVectors.row(base, i), 0, 1);
                assertThat(key).isLessThanOrEqualTo(space.keyBound(scores[q * n + i], magnitude));
            }
        }
    }

    private static boolean isFree(Metric metric) {
        return metric.accepts(ElementType.UINT8) || metric.isNormalized();
    }

    /** As postings are decoded. */
    static VerticalBlocks stored(VectorSpace space, VectorBlock base) {
        VerticalBlocks blocks = space.blocks();
        blocks.resize(base.size());
        float[] scratch = new float[base.dimensions()];
        for (int i = 0; i < base.size(); i++) {
            space.putStored(base, i, scratch, blocks, i);
        }
        return blocks;
    }

    @Test
    void noLimitStaysNoLimit() {
        for (Metric metric : Metric.values()) {
            VectorSpace space = new VectorSpace(metric, ElementType.FLOAT32, 4, 9f);
            assertThat(space.scoreLimit(Float.POSITIVE_INFINITY, 3f, 9f))
                    .isEqualTo(Float.POSITIVE_INFINITY);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "INT8"})
    void exactScoresGiveExactKeys(ElementType type) {
        for (Metric metric : new Metric[] {Metric.L2, Metric.SQUARED_L2, Metric.L1}) {
            for (int d : new int[] {1, 16, 128, 258}) {
                exactScoresGiveExactKeys(metric, type, d);
            }
        }
    }

    private static void exactScoresGiveExactKeys(Metric metric, ElementType type, int d) {
        VectorSpace space = new VectorSpace(metric, type, d, Float.MAX_VALUE);
        byte[] bytes = new byte[64 * d];
        SplittableRandom random = new SplittableRandom(16 + d);
        random.nextBytes(bytes);
        Arrays.fill(bytes, 0, d, type == ElementType.UINT8 ? (byte) 255 : (byte) -128);
        Arrays.fill(bytes, d, 2 * d, (byte) 127);
        Arrays.fill(bytes, 2 * d, 3 * d, (byte) 0);
        VectorBlock base = VectorBlock.ofBytes(type, d, bytes);
        float[] rows = SampleVectors.rows(base);
        assertThat(space.scoresAreExact(rows, 64)).isTrue();
        checkExact(space, rows, stored(space, base));
    }

    @Test
    void countsOfBitsAreExact() {
        VectorBlock base = SampleVectors.of(Shape.RANDOM, ElementType.BITS, 40, 64, 17);
        VectorSpace space = SampleVectors.space(Metric.HAMMING, base);
        float[] rows = SampleVectors.rows(base);
        assertThat(space.scoresAreExact(rows, 64)).isTrue();
        checkExact(space, rows, stored(space, base));
    }

    private static void checkExact(VectorSpace space, float[] queries, VerticalBlocks blocks) {
        int d = space.dimensions();
        int n = queries.length / d;
        int[] offsets = new int[n];
        Arrays.setAll(offsets, i -> i * d);
        int lanes = blocks.blockCount() * VerticalBlocks.LANES;
        float[] scores = new float[n * lanes];
        int[] targets = Kernels.rowTargets(n, lanes);
        KernelProvider.kernels().score(queries, offsets, n, blocks, 0, lanes / 16, scores, targets);
        for (int q = 0; q < n; q++) {
            float term = space.queryTerm(queries, q * d);
            for (int i = 0; i < blocks.size(); i++) {
                assertThat(space.keyOfExactScore(scores[q * lanes + i], term))
                        .isEqualTo(space.exactKey(queries, q * d, blocks, i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "INT8"})
    void queriesOfOtherNumbersAreExactOnlyIfTheyReallyAre(ElementType type) {
        int d = 258;
        byte[] bytes = new byte[32 * d];
        Arrays.fill(bytes, type == ElementType.UINT8 ? (byte) 255 : (byte) -127);
        for (int i = 0; i < 32; i++) {
            bytes[i * d + i] = (byte) (i * 3);
        }
        VectorBlock base = VectorBlock.ofBytes(type, d, bytes);
        VectorSpace space = new VectorSpace(Metric.L2, type, d, Float.MAX_VALUE);
        for (float value : new float[] {-255, -254, -129, -128, -127, 0, 127, 128, 254, 255}) {
            float[] query = new float[d];
            Arrays.fill(query, value);
            query[5] = 1;
            if (space.scoresAreExact(query, 1)) {
                checkExact(space, query, stored(space, base));
            }
        }
    }

    @Test
    void scoresAreExactForSmallIntegersUnderL2Only() {
        float[] query = {0, 255, 3};
        assertThat(exact(Metric.L2, ElementType.UINT8, query)).isTrue();
        assertThat(exact(Metric.COSINE, ElementType.UINT8, query)).isFalse();
        assertThat(exact(Metric.IP, ElementType.UINT8, query)).isFalse();
        assertThat(exact(Metric.L2, ElementType.FLOAT32, query)).isFalse();
        for (float bad : new float[] {0.5f, 256, -300, 1e10f}) {
            assertThat(exact(Metric.L2, ElementType.UINT8, new float[] {1, bad, 2})).isFalse();
        }
        assertThat(
                        new VectorSpace(Metric.L2, ElementType.UINT8, 259, 1f)
                                .scoresAreExact(new float[259], 1))
                .isFalse();
    }

    private static boolean exact(Metric metric, ElementType type, float[] query) {
        return new VectorSpace(metric, type, 3, 1f).scoresAreExact(query, 1);
    }
}
