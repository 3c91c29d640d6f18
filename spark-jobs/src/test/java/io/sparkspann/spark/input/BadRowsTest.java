package io.sparkspann.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.vector.VectorDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that cannot be used: each is named, or left out and counted. */
@ExtendWith(SharedSpark.class)
class BadRowsTest {
    @TempDir Path folder;

    private final SparkSession spark;

    BadRowsTest(SparkSession spark) {
        this.spark = spark;
    }

    private static final String CASES =
            """
            NULL | array<float> | array(1, 2) | row 3, column 'id': the id is null
            '9' | array<float> | NULL | row 3, id 9, column 'vector': the vector is null
            '9' | array<float> | array(1, NULL) | row 3, id 9, column 'vector': component 1 is null
            '9' | array<float> | array(1) | the vector has 1 components instead of 2
            '9' | array<float> | array(1, 2, 3) | the vector has 3 components instead of 2
            '9' | array<float> | array() | the vector has 0 components instead of 2
            '9' | array<float> | array(1, float('NaN')) | column 'vector': component 1 is NaN
            '9' | array<float> | array(float('-Infinity'), 1) | component 0 is -Infinity
            '9' | array<float> | array(0, float('-0.0')) | column 'vector': all components are zero
            '9' | array<double> | array(1e39D, 0) | component 0 is 1.0E39, too large for float32
            '9' | array<double> | array(0, double('NaN')) | component 1 is NaN
            '9' | array<double> | array(1, NULL) | component 1 is null
            '9' | array<tinyint> | array(1, NULL) | component 1 is null
            '9' | array<tinyint> | array(0, 0) | all components are zero
            '9' | array<int> | array(NULL, 1) | component 0 is null
            '9' | array<smallint> | array(1) | has 1 components instead of 2
            '9' | binary | unhex('0000803F') | has 1 components instead of 2
            '9' | binary | unhex('0000803F00') | has 5 bytes, no whole number of float32 values
            '9' | binary | unhex('0000803F0000807F') | component 1 is Infinity
            '9' | binary | unhex('0000000000000000') | all components are zero
            """;

    /** Three good rows, the bad one, two more; one file. */
    private InputSpec table(String id, String column, String vector) {
        String good = column.equals("binary") ? "unhex('0000803F000000C0')" : "array(1, 2)";
        String path = folder.resolve("table").toUri().toString();
        spark.sql(
                        "SELECT CASE WHEN id = 3 THEN "
                                + id
                                + " ELSE string(id) END AS id,"
                                + " CASE WHEN id = 3 THEN CAST("
                                + vector
                                + " AS "
                                + column
                                + ")"
                                + " ELSE CAST("
                                + good
                                + " AS "
                                + column
                                + ") END AS vector"
                                + " FROM range(0, 6, 1, 1)")
                .write()
                .parquet(path);
        return InputSpec.of(path).withDomain(VectorDomain.NOT_ZERO);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = CASES)
    void the_first_fails_the_job(String id, String column, String vector, String message) {
        VectorTable table = VectorTable.open(spark, table(id, column, vector));
        Throwable error = catchThrowable(() -> Tables.read(table));
        SpannException found = SparkErrors.unwrap(error).orElseThrow();
        assertThat(found)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message)
                .hasMessageMatching(
                        "file:/.*/part-00000-[^ ]*\\.parquet: row 3, .*; correct the row, or .*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = CASES)
    void skipped_rows_are_counted(String id, String column, String vector, String message) {
        InputSpec spec = table(id, column, vector).withBadRows(BadRows.SKIP);
        Tables.Contents contents = Tables.read(VectorTable.open(spark, spec));
        assertThat(contents.vectors()).containsOnlyKeys("0", "1", "2", "4", "5");
        assertThat(contents.vectors().get("5")).hasSize(2);
        assertThat(contents.vectors().get("5")[0]).isEqualTo(1);
        assertThat(contents.skipped()).isEqualTo(1);
    }

    @Test
    void zeros_are_vectors_unless_rejected() {
        InputSpec spec = table("'9'", "array<float>", "array(0, 0)").withDomain(VectorDomain.ANY);
        assertThat(Tables.read(VectorTable.open(spark, spec)).vectors().get("9"))
                .containsExactly(0, 0);
    }

    @Test
    void skipped_rows_of_partitions_without_a_good_one_count() {
        String sql =
                "SELECT id, array(if(id < 900, float('NaN'), 1f)) AS vector FROM range(0, 1000, 1,"
                        + " 10)";
        VectorTable table =
                VectorTable.of(spark.sql(sql), InputSpec.of("sql").withBadRows(BadRows.SKIP));
        Tables.Contents contents = Tables.read(table);
        assertThat(contents.vectors()).hasSize(100);
        assertThat(contents.skipped()).isEqualTo(900);
        assertThat(contents.batches()).isEqualTo(10);
    }

    @Test
    void skipped_rows_over_several_batches_count_once() {
        String sql =
                "SELECT id, array(if(id % 2 = 0, float('NaN'), 1f)) AS vector FROM range(0, 40001,"
                        + " 1, 1)";
        VectorTable table =
                VectorTable.of(spark.sql(sql), InputSpec.of("sql").withBadRows(BadRows.SKIP));
        Tables.Contents contents = Tables.read(table);
        assertThat(contents.vectors()).hasSize(20000);
        assertThat(contents.skipped()).isEqualTo(20001);
        assertThat(contents.batches()).isEqualTo(3);
    }

    @Test
    void a_damaged_file_is_named() throws IOException {
        Path table = folder.resolve("table");
        spark.sql(
                        "SELECT id, array(float(hash(id)), float(id)) AS vector FROM range(0,"
                                + " 50000, 1, 1)")
                .write()
                .option("compression", "none")
                .parquet(table.toUri().toString());
        try (Stream<Path> files = Files.list(table)) {
            Path file =
                    files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        Files.list(table)
                .filter(f -> f.toString().endsWith(".crc"))
                .forEach(f -> f.toFile().delete());
        Throwable error =
                catchThrowable(
                        () -> Tables.read(VectorTable.open(spark, InputSpec.of(table.toString()))));
        assertThat(SparkErrors.unwrap(error).orElseThrow())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(
                        "file:/.*/part-00000-[^ ]*\\.parquet: cannot be read: [^\n]*CRC[^\n]*");
    }

    @Test
    void a_row_of_a_query_is_named_by_its_id() {
        String sql =
                "SELECT concat('a\\n"
                    + "b', id) AS id, array(if(id = 7, float('NaN'), 1f)) AS vector FROM range(9)";
        VectorTable table =
                VectorTable.of(spark.sql(sql), InputSpec.of("s3a://key:secret@bucket/table"));
        Throwable error = catchThrowable(() -> Tables.read(table));
        assertThat(SparkErrors.unwrap(error).orElseThrow())
                .hasMessage(
                        "s3a://bucket/table: id a b7, column 'vector': component 0 is NaN; correct"
                            + " the row, or leave such rows out (--on-bad-row skip; when a"
                            + " DataFrame is written, option onBadRow=skip; of queries, a filter)");
    }
}
