package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The result of a join is a table like any other. */
@ExtendWith(SharedSpark.class)
class JoinRowsTest {
    private static final int QUERIES = 30;
    private static final int K = 4;

    @TempDir Path folder;

    private final SparkSession spark;

    JoinRowsTest(SparkSession spark) {
        this.spark = spark;
    }

    /** Base vectors have strings as ids. */
    private JoinResult join() {
        VectorBlock base = VectorSamples.clustered(500, 8, 5, 1);
        VectorBlock queries = VectorSamples.clustered(QUERIES, 8, 5, 2);
        VectorSamples.Table names =
                new VectorSamples.Table(DataTypes.StringType, i -> "vector " + i, 2, 4);
        String input = VectorSamples.parquet(spark, folder.resolve("base"), base, names);
        Builds.build(
                spark,
                InputSpec.of(input),
                folder.resolve("index"),
                BuildOptions.of(Metric.L2).withShards(2).withCalibrationQueries(0),
                BuildMode.ERROR);
        String file = VectorSamples.file(folder.resolve("q.fvecs"), queries);
        return KnnJoin.of(spark, folder.resolve("index").toString())
                .k(K)
                .probes(20, 1)
                .prepare(InputSpec.of(file));
    }

    @Test
    void rows_are_made_when_asked_for_and_can_be_asked_for_again() {
        JoinResult result = join();
        Dataset<Row> rows = result.rows();
        assertThat(result.queries()).isZero();
        List<Row> first = rows.collectAsList();
        assertThat(first).hasSize(QUERIES * K).doesNotHaveDuplicates();
        assertThat(result.queries()).isEqualTo(QUERIES);
        assertThat(rows.collectAsList()).isEqualTo(first);
        // As with any other join, Spark computes the last stage again.
        assertThat(result.queries()).isEqualTo(2 * QUERIES);
        assertThat(rows.cache().collectAsList()).isEqualTo(first);
        rows.unpersist();
    }

    @Test
    void rows_can_be_sorted_filtered_and_joined() {
        Dataset<Row> rows = join().rows();
        List<Row> all = rows.collectAsList();
        assertThat(rows.select("neighbor_id").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyElementsOf(all.stream().map(row -> row.getString(1)).toList());
        List<Row> last = rows.where("rank = 4").orderBy(functions.desc("query_id")).takeAsList(3);
        assertThat(last).extracting(row -> row.getLong(0)).containsExactly(29L, 28L, 27L);
        assertThat(rows.alias("a").join(rows.alias("b"), "query_id").count())
                .isEqualTo(QUERIES * K * K);
    }

    @Test
    void spark_knows_the_name_and_the_size_of_the_join() {
        Dataset<Row> rows = join().rows();
        assertThat(rows.queryExecution().executedPlan().toString())
                .contains("Scan spann join")
                .contains("index");
        // Null bits, four columns, and a string.
        assertThat(rows.queryExecution().optimizedPlan().stats().sizeInBytes().toLong())
                .isEqualTo(QUERIES * K * (8L + 4 * 8 + 24));
        assertThat(Arrays.stream(rows.schema().fields()).noneMatch(StructField::nullable)).isTrue();
    }
}
