package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.Quantizer;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.TrueDistance;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.Conversion;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Quantization;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Indexes of codes: searches compare with the values that the codes stand for. */
class QuantizedIndexTest {
    private static final int D = 10;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "L2, RANDOM, UINT8",
        "L2, FAR_FROM_ORIGIN, UINT8",
        "SQUARED_L2, RANDOM, UINT8",
        "L1, RANDOM, UINT8",
        "IP, RANDOM, INT8",
        "IP, FAR_FROM_ORIGIN, UINT8",
        "COSINE, RANDOM, INT8",
        "ANGLE, RANDOM, INT8"
    })
    void distancesAreThoseOfTheRoundedVectors(Metric metric, Shape shape, ElementType type)
            throws IOException {
        VectorBlock base = SampleVectors.of(shape, ElementType.FLOAT32, D, 1500, 1);
        VectorBlock queries = SampleVectors.of(shape, ElementType.FLOAT32, D, 15, 2);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, options(metric), folder))) {
            assertThat(index.manifest().schema().elementType()).isEqualTo(type);
            float[][] rounded = rounded(base, type, index.manifest().schema().quantization());
            Neighbors exact = index.searchExact(queries, 20);
            for (int q = 0; q < queries.size(); q++) {
                float[] query = SampleVectors.row(queries, q);
                double[] keys = keys(metric, rounded, query);
                for (int r = 0; r < 20; r++) {
                    double key = metric.isSimilarity() ? -keys[r] : keys[r];
                    double tolerance = 1e-5 * (1 + Math.abs(key));
                    assertThat((double) exact.distance(q, r)).isCloseTo(key, within(tolerance));
                    int row = (int) exact.id(q, r);
                    assertThat(TrueDistance.of(metric, rounded[row], query))
                            .isCloseTo(key, within(tolerance));
                }
                checkRange(index, queries.slice(q, q + 1), exact, q);
            }
        }
    }

    private static void checkRange(SpannIndex index, VectorBlock query, Neighbors exact, int q) {
        RangeOptions radius = RangeOptions.of(exact.distance(q, 11));
        Neighbors within = index.searchRange(query, radius).neighbors();
        int count = within.count(0);
        assertThat(count).isGreaterThanOrEqualTo(12);
        assertThat(within.distance(0, count - 1)).isEqualTo(exact.distance(q, 11));
        for (int r = 0; r < 12; r++) {
            assertThat(within.id(0, r)).isEqualTo(exact.id(q, r));
        }
    }

    private static BuildOptions options(Metric metric) {
        return BuildOptions.of(metric)
                .withShards(2)
                .withQuantizer(Quantizer.SQ8)
                .withCalibrationQueries(100);
    }

    private static float[][] rounded(VectorBlock base, ElementType type, Quantization codes) {
        VectorBlock target = VectorBlock.allocate(type, D, base.size());
        float[][] rounded = new float[base.size()][D];
        for (int i = 0; i < base.size(); i++) {
            Conversion.quantized(type, codes).convert(base, i, target, i, new float[D]);
            target.copyTo(i, rounded[i], 0);
            for (int j = 0; j < D; j++) {
                rounded[i][j] = (float) (codes.offset() + codes.step() * rounded[i][j]);
                assertThat((double) rounded[i][j])
                        .isCloseTo(SampleVectors.row(base, i)[j], within(0.51 * codes.step()));
            }
        }
        return rounded;
    }

    private static double[] keys(Metric metric, float[][] vectors, float[] query) {
        double[] keys =
                Arrays.stream(vectors)
                        .mapToDouble(row -> TrueDistance.key(metric, row, query))
                        .toArray();
        Arrays.sort(keys);
        return keys;
    }

    @Test
    void searchesFindTheRoundedVectors() throws IOException {
        VectorBlock base = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, D, 1500, 1);
        try (SpannIndex index =
                SpannIndex.open(SampleIndex.build(base, options(Metric.L2), folder))) {
            SearchOptions all = SearchOptions.ofProbes(10, 1500, Double.POSITIVE_INFINITY);
            VectorBlock queries = base.slice(0, 30);
            Neighbors exact = index.searchExact(queries, 10);
            assertThat(index.searchBatch(queries, all).distances()).isEqualTo(exact.distances());
            Neighbors one = index.search(SampleVectors.row(base, 3), all);
            assertThat(one.id(0, 0)).isEqualTo(3);
            assertThat(one.distance(0, 0)).isEqualTo(exact.distance(3, 0));
        }
    }

    @Test
    void queriesThatAreTooFarFromTheCodesAreRefused() throws IOException {
        float[] tiny = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, D, 500, 7).floats();
        for (int i = 0; i < tiny.length; i++) {
            tiny[i] *= 1e-28f;
        }
        VectorBlock base = VectorBlock.ofFloats(D, tiny);
        BuildOptions options = options(Metric.L2);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, options, folder))) {
            float[] far = new float[D];
            Arrays.fill(far, 1e-5f);
            assertThatThrownBy(() -> index.searchExact(VectorBlock.ofFloats(D, far), 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("too far outside the range");
        }
    }

    @Test
    void whatCannotBeQuantizedIsRefused() {
        VectorBlock floats = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, D, 100, 1);
        assertThatThrownBy(() -> SampleIndex.build(floats, options(Metric.NORMALIZED_L2), folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("sq8");
        VectorBlock bytes = SampleVectors.of(Shape.RANDOM, ElementType.UINT8, D, 100, 1);
        assertThatThrownBy(() -> SampleIndex.build(bytes, options(Metric.L2), folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("uint8");
    }
}
