package io.sparkspann.spark.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.holdenkarau.spark.testing.JavaDatasetSuiteBase;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.join.KnnJoin;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables and joins by the comparisons of spark-testing-base, on the session of the other tests. */
@ExtendWith(SharedSpark.class)
class DatasetComparisonTest {
    private final JavaDatasetSuiteBase comparisons = new JavaDatasetSuiteBase();

    private final SparkSession spark;

    @TempDir Path folder;

    DatasetComparisonTest(SparkSession spark) {
        this.spark = spark;
    }

    @Test
    void a_table_comes_back_and_each_row_is_its_own_nearest() {
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("table"),
                        VectorSamples.clustered(300, 6, 5, 1),
                        VectorSamples.Table.ofLongs(2, 4));
        String index = folder.resolve("index").toString();
        spark.read()
                .parquet(input)
                .write()
                .format("spann")
                .option("calibrationQueries", 50)
                .save(index);
        Dataset<String> written =
                spark.read()
                        .parquet(input)
                        .selectExpr("to_json(struct(*)) as row")
                        .orderBy("row")
                        .as(Encoders.STRING());
        Dataset<String> read =
                spark.read()
                        .format("spann")
                        .load(index)
                        .selectExpr("to_json(struct(*)) as row")
                        .orderBy("row")
                        .as(Encoders.STRING());
        comparisons.assertDatasetEquals(written, read);
        Dataset<Long> ids =
                spark.read().parquet(input).select("id").orderBy("id").as(Encoders.LONG());
        Dataset<Long> own =
                KnnJoin.of(spark, index)
                        .k(1)
                        .probes(100_000, Double.POSITIVE_INFINITY)
                        .join(spark.read().parquet(input))
                        .orderBy("id")
                        .select("neighbor_id")
                        .as(Encoders.LONG());
        comparisons.assertDatasetEquals(ids, own);
        assertThatThrownBy(() -> comparisons.assertDatasetEquals(ids, own.where("neighbor_id > 9")))
                .isInstanceOf(AssertionError.class);
    }
}
