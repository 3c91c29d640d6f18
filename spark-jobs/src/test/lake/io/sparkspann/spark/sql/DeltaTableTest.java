package io.sparkspann.spark.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.source.SpannIndexes;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registered indexes of tables of Delta Lake. */
@ExtendWith(SharedSpark.class)
class DeltaTableTest {
    private static final String NODE = "SpannNearestJoin";
    private static final int ROWS = 400;

    @TempDir Path folder;

    private final SparkSession spark;

    DeltaTableTest(SparkSession spark) {
        this.spark = spark;
    }

    @AfterEach
    void drop() {
        spark.conf().unset(SpannIndexes.INDEXES_KEY);
        spark.conf().unset(NearestByRule.PROBES_KEY);
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private void requireIndexed(String sql, boolean indexed) {
        String plan = spark.sql(sql).queryExecution().executedPlan().toString();
        if (indexed) {
            assertThat(plan).contains(NODE);
        } else {
            assertThat(plan).doesNotContain(NODE);
        }
        assertThat(texts(spark.sql(sql)))
                .isEqualTo(texts(spark.sql(sql.replace("APPROX", "EXACT"))));
    }

    /** Makes a table of vectors, an index of it, and a view of a few of its rows. */
    private String make(String table, String property, String... columns) {
        String vectors =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("vectors"),
                        VectorSamples.clustered(ROWS, 6, 5, 1),
                        VectorSamples.Table.ofLongs(1, 3));
        spark.sql("DROP TABLE IF EXISTS " + table);
        spark.read()
                .parquet(vectors)
                .selectExpr(columns)
                .limit(0)
                .write()
                .format("delta")
                .option(property.split("=")[0], property.split("=")[1])
                .saveAsTable(table);
        spark.read().parquet(vectors).selectExpr(columns).write().insertInto(table);
        String index = folder.resolve("index").toString();
        spark.table(table)
                .write()
                .format("spann")
                .option("vectorColumn", "vector")
                .option("calibrationQueries", 50)
                .save(index);
        spark.table(table).where("id < 20").createOrReplaceTempView("few");
        spark.conf().set(NearestByRule.PROBES_KEY, 100_000);
        return index;
    }

    private static String nearest(String table) {
        return "SELECT few.id, t.id AS other FROM few JOIN "
                + table
                + " t APPROX NEAREST 3 BY DISTANCE vector_l2_distance(few.vector, t.vector)";
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_index_answers_for_its_version_of_a_table(boolean deletionVectors) {
        String table = "lake_" + deletionVectors;
        String index =
                make(table, "delta.enableDeletionVectors=" + deletionVectors, "id", "vector");
        requireIndexed(nearest(table), false);
        SpannIndexes.register(spark, table, "vector", index);
        requireIndexed(nearest(table), true);
        requireIndexed(nearest("(SELECT * FROM " + table + " WHERE id % 3 = 0)"), true);
        spark.sql("DELETE FROM " + table + " WHERE id = 7");
        requireIndexed(nearest(table), false);
        spark.sql("DROP TABLE " + table);
    }

    /** The files stay as they are. */
    @Test
    void a_column_that_takes_the_name_of_another_one_is_not_searched() {
        String table = "lake_names";
        String index =
                make(
                        table,
                        "delta.columnMapping.mode=name",
                        "id",
                        "vector",
                        "reverse(vector) as other");
        SpannIndexes.register(spark, table, "vector", index);
        requireIndexed(nearest(table), true);
        SparkSession other = spark.newSession();
        other.conf().set(SpannIndexes.INDEXES_KEY, index);
        other.table(table).where("id < 20").createOrReplaceTempView("few");
        assertThat(other.sql(nearest(table)).queryExecution().executedPlan().toString())
                .contains(NODE);
        spark.sql("ALTER TABLE " + table + " RENAME COLUMN vector TO old");
        spark.sql("ALTER TABLE " + table + " RENAME COLUMN other TO vector");
        spark.table(table).where("id < 20").createOrReplaceTempView("few");
        requireIndexed(nearest(table), false);
        spark.sql("DROP TABLE " + table);
    }
}
