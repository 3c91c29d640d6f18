package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.Quantizer;
import io.sparkspann.distance.Metric;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins with an index of codes, whose queries are values and no codes. */
@ExtendWith(SharedSpark.class)
class QuantizedJoinTest {
    private static final int D = 6;
    private static final int K = 3;
    private static final int QUERIES = 25;

    @TempDir static Path shared;

    private final SparkSession spark;

    @TempDir Path folder;

    QuantizedJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    private Dataset<Row> binary(VectorBlock vectors) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * D).order(ByteOrder.LITTLE_ENDIAN);
            for (int j = 0; j < D; j++) {
                bytes.putFloat(vectors.floats()[i * D + j]);
            }
            rows.add(RowFactory.create((long) i, bytes.array()));
        }
        return spark.createDataFrame(
                rows,
                new StructType().add("id", DataTypes.LongType).add("vector", DataTypes.BinaryType));
    }

    @BeforeAll
    static void build() {
        VectorBlock base = VectorSamples.clustered(800, D, 5, 1);
        Builds.build(
                SharedSpark.session(),
                InputSpec.of(VectorSamples.file(shared.resolve("base.fvecs"), base)),
                shared.resolve("index"),
                BuildOptions.of(Metric.L2).withShards(2).withQuantizer(Quantizer.SQ8),
                BuildMode.ERROR);
    }

    private KnnJoin join() {
        return KnnJoin.of(spark, shared.resolve("index").toString()).k(K).exact();
    }

    @Test
    void data_frames_hold_values() throws Exception {
        VectorBlock queries = VectorSamples.clustered(QUERIES, D, 5, 2);
        KnnJoin join = join();
        Dataset<Row> asked = binary(queries);
        try (SpannIndex index = SpannIndex.open(shared.resolve("index"))) {
            Neighbors expected = index.searchExact(queries, K);
            requireEqual(join.join(asked, "id", "vector"), "query_id", expected);
            requireEqual(join.join(asked), "id", expected);
        }
    }

    /** A file, a data set with ids, and one whose columns are carried along; floats, integers. */
    @ParameterizedTest
    @ValueSource(strings = {"array<float>", "array<double>", "array<int>", "array<smallint>"})
    void columns_of_arrays_are_values_however_they_come(String type) {
        VectorBlock queries = VectorSamples.clustered(QUERIES, D, 5, 2);
        KnnJoin join = join();
        String floats =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("floats"),
                        queries,
                        VectorSamples.Table.ofLongs(2, 0));
        String file = folder.resolve("asked").toUri().toString();
        spark.read()
                .parquet(floats)
                .selectExpr("'a' as first", "id", "cast(vector as " + type + ") as vector")
                .write()
                .parquet(file);
        Dataset<Row> asked = spark.read().parquet(file);
        List<Row> expected = rows(join.join(InputSpec.of(file)), "query_id");
        assertThat(expected).hasSize(QUERIES * K);
        assertThat(rows(join.join(asked, "id", "vector"), "query_id")).isEqualTo(expected);
        assertThat(rows(join.join(asked), "id")).isEqualTo(expected);
        if (type.endsWith("int>")) {
            Dataset<Row> cast = asked.selectExpr("id", "cast(vector as array<float>) as vector");
            assertThat(rows(join.join(cast), "id")).isEqualTo(expected);
        }
    }

    private static List<Row> rows(Dataset<Row> found, String id) {
        return found.select(id, "neighbor_id", "distance", "rank")
                .orderBy(id, "rank")
                .collectAsList();
    }

    private static void requireEqual(Dataset<Row> found, String id, Neighbors expected) {
        List<Row> rows = found.orderBy(id, "rank").collectAsList();
        assertThat(rows).hasSize(QUERIES * K);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            assertThat(row.<Long>getAs("neighbor_id")).isEqualTo(expected.id(i / K, i % K));
            assertThat(row.<Float>getAs("distance")).isEqualTo(expected.distance(i / K, i % K));
        }
    }
}
