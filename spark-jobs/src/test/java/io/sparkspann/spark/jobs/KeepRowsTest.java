package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command build, where it keeps the rows of its table. */
@ExtendWith(SharedSpark.class)
class KeepRowsTest {
    private final SparkSession spark;

    @TempDir Path folder;

    KeepRowsTest(SparkSession spark) {
        this.spark = spark;
    }

    private Dataset<Row> table() {
        String plain =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("plain"),
                        VectorSamples.clustered(500, 6, 5, 1),
                        VectorSamples.Table.ofLongs(3, 4));
        spark.read()
                .parquet(plain)
                .selectExpr(
                        "id",
                        "vector",
                        "concat('name ', id) as name",
                        "struct(id as a, vector as b) as both")
                .write()
                .parquet(folder.resolve("table").toString());
        return spark.read().parquet(folder.resolve("table").toString());
    }

    private Outcome build(String input, String... more) {
        List<String> arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "build",
                                "--input",
                                folder.resolve(input).toString(),
                                "--index",
                                folder.resolve("index").toString(),
                                "--shards",
                                "2",
                                "--keep-rows"));
        arguments.addAll(List.of(more));
        return Outcome.of(arguments.toArray(new String[0]));
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void an_index_that_keeps_its_rows_is_a_table() {
        Dataset<Row> table = table();
        // Resumes what there is, here nothing.
        assertThat(build("table", "--mode", "resume").code()).isZero();
        String index = folder.resolve("index").toString();
        assertThat(texts(spark.read().format("spann").load(index))).isEqualTo(texts(table));
        Outcome again = build("table", "--mode", "resume");
        assertThat(again.code()).isZero();
        assertThat(again.err()).anyMatch(line -> line.contains("nothing to do"));
        assertThat(Outcome.of("verify", "--index", index).code()).isZero();
    }

    @Test
    void what_has_no_rows_to_keep_is_refused() {
        VectorSamples.file(folder.resolve("base.fvecs"), VectorSamples.clustered(50, 6, 5, 1));
        assertThat(build("base.fvecs").problem())
                .endsWith("base.fvecs: a vector file has no rows to keep; use a Parquet table");
        table();
        assertThat(build("table", "--id-column", "both.a").problem())
                .endsWith(
                        "table: 'both.a' is a field of a column; to keep rows, id and vector must"
                                + " be columns themselves");
    }
}
