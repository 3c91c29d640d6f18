package io.sparkspann.spark.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.input.BadRows;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that hardly anyone has on purpose: each builds, or is refused for a stated reason. */
@ExtendWith(SharedSpark.class)
class OddTableTest {
    @TempDir Path folder;

    private final SparkSession spark;

    OddTableTest(SparkSession spark) {
        this.spark = spark;
    }

    private String table(VectorBlock vectors, DataType type, IntFunction<Object> ids) {
        return VectorSamples.parquet(
                spark, folder.resolve("table"), vectors, new VectorSamples.Table(type, ids, 3, 5));
    }

    private Manifest build(String input, int shards) {
        return Builds.build(
                spark, input, folder.resolve("index"), Builds.options(shards), BuildMode.ERROR);
    }

    private SpannException refused(InputSpec input) {
        Throwable error =
                catchThrowable(
                        () ->
                                Builds.build(
                                        spark,
                                        input,
                                        folder.resolve("index"),
                                        Builds.options(3),
                                        BuildMode.ERROR));
        assertThat(error).isInstanceOf(SpannException.class);
        assertThat(error.getMessage().lines()).hasSize(1);
        return (SpannException) error;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "3, 1999", "700, 1300"})
    void a_number_that_occurs_twice(int first, int second) {
        VectorBlock vectors = VectorSamples.clustered(2000, 8, 10, 1);
        String input =
                table(vectors, DataTypes.LongType, i -> i == second ? -(long) first : -(long) i);
        assertThat(refused(InputSpec.of(input)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "id " + -first + " occurs more than once; ids must be unique");
    }

    @Test
    void equal_rows_of_the_same_id() {
        VectorBlock vectors = VectorSamples.clustered(600, 8, 10, 1).gather(new int[600]);
        String input = table(vectors, DataTypes.IntegerType, i -> i / 2);
        assertThat(refused(InputSpec.of(input))).hasMessageContaining("occurs more than once");
    }

    @Test
    void a_text_that_occurs_twice() {
        VectorBlock vectors = VectorSamples.clustered(2000, 8, 10, 1);
        String input = table(vectors, DataTypes.StringType, i -> "key " + (i == 1500 ? 12 : i));
        assertThat(refused(InputSpec.of(input)))
                .hasMessageContaining("id key 12 occurs more than once; ids must be unique");
    }

    @Test
    void no_id() {
        VectorBlock vectors = VectorSamples.clustered(200, 8, 10, 1);
        String input = table(vectors, DataTypes.LongType, i -> i == 77 ? null : (long) i);
        assertThat(refused(InputSpec.of(input)))
                .hasMessageContaining("id")
                .hasMessageContaining("null");
        Manifest skipped =
                Builds.build(
                        spark,
                        InputSpec.of(input).withBadRows(BadRows.SKIP),
                        folder.resolve("skipped"),
                        Builds.options(2),
                        BuildMode.ERROR);
        assertThat(skipped.vectors()).isEqualTo(199);
        assertThat(skipped.statistics().get("skippedRows").asInt()).isEqualTo(1);
    }

    private String rows(int n, IntFunction<Object[]> vectors) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows.add(RowFactory.create((long) i, vectors.apply(i)));
        }
        return VectorSamples.parquet(
                spark,
                folder.resolve("table"),
                rows,
                VectorSamples.schema(DataTypes.LongType, ElementType.FLOAT32),
                2);
    }

    @Test
    void vectors_of_different_length() {
        String input = rows(100, i -> i == 60 ? new Object[] {1f} : new Object[] {1f, (float) i});
        assertThat(refused(InputSpec.of(input)))
                .hasMessageContaining("id 60")
                .hasMessageContaining("1 component");
    }

    @Test
    void no_rows_and_no_usable_rows() {
        assertThat(refused(InputSpec.of(rows(0, i -> null)))).hasMessageContaining("empty");
        String bad = folder.resolve("table").toUri().toString();
        rows(20, i -> new Object[] {Float.NaN, (float) i});
        assertThat(refused(InputSpec.of(bad).withBadRows(BadRows.SKIP)))
                .hasMessageContaining("no usable rows (20 were skipped)");
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "COSINE", "L1"})
    void five_thousand_equal_vectors(Metric metric) {
        VectorBlock vectors = VectorSamples.clustered(1, 8, 1, 1).gather(new int[5000]);
        String input = VectorSamples.file(folder.resolve("equal.fvecs"), vectors);
        BuildOptions options = BuildOptions.of(metric).withShards(3).withCalibrationQueries(50);
        Path index = folder.resolve("index");
        Manifest manifest = Builds.build(spark, input, index, options, BuildMode.ERROR);
        assertThat(manifest.vectors()).isEqualTo(5000);
        try (SpannIndex opened = SpannIndex.open(index)) {
            Neighbors all =
                    opened.searchBatch(
                            vectors.slice(0, 2),
                            SearchOptions.ofProbes(25, 5000, Double.POSITIVE_INFINITY));
            Neighbors some =
                    opened.searchBatch(vectors.slice(0, 2), SearchOptions.ofRecall(25, 0.9));
            assertThat(all.count(0)).isEqualTo(25);
            assertThat(some.count(1)).isEqualTo(25);
            for (int r = 0; r < 25; r++) {
                assertThat(all.id(0, r)).isEqualTo(r);
                assertThat(some.distance(1, r)).isEqualTo(all.distance(0, 0));
            }
            if (metric == Metric.L2) {
                assertThat(all.distance(0, 0)).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 31, 33})
    void few_vectors_for_many_shards(int n) {
        VectorBlock vectors = VectorSamples.clustered(n, 4, 2, 1);
        Manifest manifest = build(VectorSamples.file(folder.resolve("few.fvecs"), vectors), 8);
        assertThat(manifest.vectors()).isEqualTo(n);
        assertThat(manifest.shards()).hasSizeBetween(1, n);
        try (SpannIndex opened = SpannIndex.open(folder.resolve("index"))) {
            Neighbors found =
                    opened.searchBatch(
                            vectors, SearchOptions.ofProbes(9, 99, Double.POSITIVE_INFINITY));
            for (int q = 0; q < n; q++) {
                assertThat(found.count(q)).isEqualTo(Math.min(9, n));
                assertThat(found.id(q, 0)).isEqualTo(q);
            }
        }
    }

    @Test
    void a_few_vectors_far_from_all_others() {
        VectorBlock vectors = VectorSamples.clustered(1000, 4, 1, 1);
        for (int i = 0; i < 3; i++) {
            vectors.floats()[4 * i] = 1e14f * (i + 1);
        }
        build(VectorSamples.file(folder.resolve("far.fvecs"), vectors), 4);
        try (SpannIndex opened = SpannIndex.open(folder.resolve("index"))) {
            Neighbors found =
                    opened.searchBatch(
                            vectors, SearchOptions.ofProbes(1, 9999, Double.POSITIVE_INFINITY));
            for (int q = 0; q < 1000; q++) {
                assertThat(found.distance(q, 0)).isZero();
            }
        }
    }

    @Test
    void lengths_that_float_distances_cannot_hold() {
        String input = rows(50, i -> new Object[] {i == 30 ? 2e19f : 1f, (float) i});
        assertThat(refused(InputSpec.of(input)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("its length is above 2^50");
        assertThatThrownBy(() -> build(folder.resolve("none").toUri().toString(), 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none");
    }
}
