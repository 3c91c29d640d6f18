package io.sparkspann.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact and range joins of the data source, against a comparison of all pairs by Spark SQL. */
@ExtendWith(SharedSpark.class)
class ExactReadTest {
    private static final String DISTANCE =
            "sqrt(aggregate(zip_with(q.vector, b.vector, (x, y) -> pow(double(x) - y, 2)), 0D, (s,"
                    + " v) -> s + v))";

    @TempDir static Path folder;

    private final SparkSession spark;

    ExactReadTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeAll
    static void write() {
        SparkSession spark = SharedSpark.session();
        table("base", VectorSamples.clustered(600, 5, 4, 1)).createOrReplaceTempView("base");
        table("queries", VectorSamples.clustered(40, 5, 4, 2)).createOrReplaceTempView("queries");
        spark.table("base").write().format("spann").option("calibrationQueries", 50).save(index());
        spark.sql(
                        "SELECT q.id AS query_id, b.id AS neighbor_id, "
                                + DISTANCE
                                + " AS distance"
                                + " FROM queries q CROSS JOIN base b")
                .createOrReplaceTempView("all_pairs");
    }

    @AfterAll
    static void drop() {
        List.of("base", "queries", "named", "all_pairs")
                .forEach(SharedSpark.session().catalog()::dropTempView);
    }

    private static Dataset<Row> table(String name, VectorBlock vectors) {
        String path =
                VectorSamples.parquet(
                        SharedSpark.session(),
                        folder.resolve(name),
                        vectors,
                        VectorSamples.Table.ofLongs(3, 4));
        return SharedSpark.session().read().parquet(path);
    }

    private static String index() {
        return folder.resolve("index").toString();
    }

    private DataFrameReader reader() {
        return spark.read().format("spann").option("queries", "queries");
    }

    private static List<String> pairs(Dataset<Row> rows) {
        return rows.selectExpr("query_id || ' ' || neighbor_id").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    @Test
    void exact_reads_find_all_of_the_nearest() {
        Dataset<Row> found = reader().option("exact", true).option("k", 7).load(index());

        assertThat(found.columns())
                .containsExactly("id", "vector", "neighbor_id", "distance", "rank");
        assertThat(pairs(found.withColumnRenamed("id", "query_id")))
                .isEqualTo(
                        pairs(
                                spark.sql(
                                        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY"
                                            + " query_id ORDER BY distance, neighbor_id) AS place"
                                            + " FROM all_pairs) WHERE place <= 7")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_radius_finds_all_within_it(boolean excludeSelf) {
        double radius =
                spark.sql("SELECT percentile(distance, 0.03) FROM all_pairs").head().getDouble(0);

        Dataset<Row> found =
                reader().option("radius", radius).option("excludeSelf", excludeSelf).load(index());

        assertThat(found.columns()).containsExactly("query_id", "neighbor_id", "distance");
        Dataset<Row> wanted = spark.table("all_pairs").where("distance <= " + radius);
        List<String> expected =
                pairs(excludeSelf ? wanted.where("query_id <> neighbor_id") : wanted);
        assertThat(expected).hasSizeGreaterThan(100);
        assertThat(pairs(found)).isEqualTo(expected);
    }

    @Test
    void ids_that_never_equal_exclude_nothing() {
        spark.table("queries")
                .selectExpr("cast(id as string) as id", "vector")
                .createOrReplaceTempView("named");
        DataFrameReader reader = reader().option("queries", "named");

        assertThatThrownBy(() -> reader.option("excludeSelf", true).load(index()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("ids of type string, the index of type long");
    }

    @Test
    void options_that_exclude_each_other_are_refused() {
        assertThatThrownBy(() -> reader().option("radius", 1).option("k", 5).load(index()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spann: radius and k exclude each other; set one of them");
        assertThatThrownBy(() -> reader().option("exact", true).option("probes", 5).load(index()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spann: exact and probes exclude each other; set one of them");
        assertThatThrownBy(() -> reader().option("radius", "near").load(index()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("radius is 'near'; it must be a number");
        assertThatThrownBy(() -> spark.read().format("spann").option("radius", 1).load(index()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("option radius is of joins");
    }
}
