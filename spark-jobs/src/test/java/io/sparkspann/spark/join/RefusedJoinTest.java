package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be joined is refused in one line that says what is wrong and where. */
@ExtendWith(SharedSpark.class)
class RefusedJoinTest {
    @TempDir Path folder;

    private final SparkSession spark;

    RefusedJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    private KnnJoin join(Metric metric) {
        VectorBlock base = VectorSamples.clustered(300, 3, 4, 1);
        String input = VectorSamples.file(folder.resolve("base.fvecs"), base);
        Path index = folder.resolve("index");
        Builds.build(
                spark, input, index, BuildOptions.of(metric).withShards(2), BuildMode.OVERWRITE);
        return KnnJoin.of(spark, index.toUri().toString());
    }

    /** A table whose row 17 has this vector. */
    private InputSpec queries(Object[] odd) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            rows.add(RowFactory.create((long) i, i == 17 ? odd : new Object[] {1f, 2f, (float) i}));
        }
        return InputSpec.of(
                VectorSamples.parquet(
                        spark,
                        folder.resolve("queries"),
                        rows,
                        VectorSamples.schema(DataTypes.LongType, ElementType.FLOAT32),
                        2));
    }

    private static SpannException found(Throwable error) {
        SpannException found = SparkErrors.unwrap(error).orElseThrow();
        assertThat(found.getMessage().lines()).hasSize(1);
        assertThat(found.getMessage()).doesNotContain("org.apache.spark");
        return found;
    }

    private String messageOfRow(Metric metric, Object... odd) {
        KnnJoin join = join(metric);
        InputSpec queries = queries(odd);
        SpannException found = found(catchThrowable(() -> join.join(queries).collectAsList()));
        assertThat(found).isInstanceOf(InvalidInputException.class);
        return found.getMessage();
    }

    @Test
    void not_a_number() {
        assertThat(messageOfRow(Metric.L2, 1f, Float.NaN, 2f)).contains("17", "component 1 is NaN");
    }

    @Test
    void infinity() {
        assertThat(messageOfRow(Metric.IP, 1f, 2f, Float.NEGATIVE_INFINITY))
                .contains("17", "component 2 is -Infinity");
    }

    @Test
    void a_vector_of_another_dimension() {
        assertThat(messageOfRow(Metric.L2, 1f, 2f)).contains("17", "2", "3");
    }

    @Test
    void no_vector() {
        assertThat(messageOfRow(Metric.L2, (Object[]) null)).contains("17", "null");
    }

    @Test
    void zero_under_cosine() {
        assertThat(messageOfRow(Metric.COSINE, 0f, 0f, 0f)).contains("17", "zero");
    }

    @Test
    void zero_is_a_query_under_other_metrics() {
        assertThat(join(Metric.L2).join(queries(new Object[] {0f, 0f, 0f})).count()).isEqualTo(300);
    }

    @Test
    void a_table_of_another_dimension() {
        KnnJoin join = join(Metric.L2);
        String file =
                VectorSamples.file(folder.resolve("q.fvecs"), VectorSamples.clustered(5, 4, 2, 1));
        assertThatThrownBy(() -> join.join(InputSpec.of(file)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "q.fvecs: the queries have dimension 4, the index wants dimension 3");
    }

    @Test
    void binary_queries_of_another_type() {
        KnnJoin join = join(Metric.L2);
        String table = folder.resolve("binary").toUri().toString();
        spark.sql("SELECT 1 AS id, unhex('0102030405060708') AS vector").write().parquet(table);
        assertThatThrownBy(() -> join.join(InputSpec.of(table)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "the queries have dimension 2, the index wants dimension 3 (no")
                .hasMessageContaining("read as float32, little-endian;");
    }

    @Test
    void no_index() {
        String uri = folder.resolve("nowhere").toUri().toString();
        assertThatThrownBy(() -> KnnJoin.of(spark, uri))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("there is no index here");
    }

    @Test
    void no_queries() {
        KnnJoin join = join(Metric.L2);
        String uri = folder.resolve("no-such-table").toUri().toString();
        assertThat(found(catchThrowable(() -> join.join(InputSpec.of(uri)))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no-such-table");
    }

    @Test
    void no_such_column() {
        KnnJoin join = join(Metric.L2);
        InputSpec queries = queries(new Object[] {1f, 2f, 3f});
        assertThat(found(catchThrowable(() -> join.join(queries.withColumns("key", "vector")))))
                .hasMessageContaining("'key'");
        assertThat(found(catchThrowable(() -> join.join(queries.withColumns("id", "embedding")))))
                .hasMessageContaining("'embedding'");
    }

    @Test
    void ids_of_another_kind_than_those_of_the_index() {
        KnnJoin join = join(Metric.L2);
        Dataset<Row> queries =
                spark.read()
                        .parquet(queries(new Object[] {1f, 2f, 3f}).path())
                        .selectExpr("cast(id as string) as name", "vector");
        assertThat(join.join(queries, "name", "vector").count()).isPositive();
        KnnJoin self = join.excludeSelf(true);
        assertThat(found(catchThrowable(() -> self.join(queries, "name", "vector"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("ids of type string, the index of type long");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001, Integer.MAX_VALUE})
    void k_out_of_range(int k) {
        KnnJoin join = join(Metric.L2);
        assertThatThrownBy(() -> join.k(k))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("k is " + k + "; use 1 to 10000");
    }

    @Test
    void probes_epsilon_and_recall_out_of_range() {
        KnnJoin join = join(Metric.L2);
        InputSpec queries = queries(new Object[] {1f, 2f, 3f});
        for (KnnJoin wrong :
                List.of(
                        join.probes(0, 1),
                        join.probes(5, -0.1),
                        join.probes(5, Double.NaN),
                        join.recallTarget(0),
                        join.recallTarget(1.5))) {
            assertThatThrownBy(() -> wrong.join(queries).count())
                    .isInstanceOf(InvalidInputException.class);
        }
    }
}
