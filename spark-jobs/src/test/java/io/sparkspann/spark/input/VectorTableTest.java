package io.sparkspann.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of column, and tables of unusual shape. */
@ExtendWith(SharedSpark.class)
class VectorTableTest {
    @TempDir Path folder;

    private final SparkSession spark;

    VectorTableTest(SparkSession spark) {
        this.spark = spark;
    }

    private InputSpec parquet(Dataset<Row> rows) {
        String path = folder.resolve("table").toUri().toString();
        rows.write().parquet(path);
        return InputSpec.of(path);
    }

    private InputSpec parquet(String sql) {
        return parquet(spark.sql(sql));
    }

    @ParameterizedTest
    @CsvSource({
        "array<float>, FLOAT32, 1.5, -2.25",
        "array<double>, FLOAT32, 1.5, -2.25",
        "array<tinyint>, INT8, 127, -128",
        "array<smallint>, UINT8, 255, 0",
        "array<int>, UINT8, 255, 0",
        "array<int>, UINT8, 100, 0",
        "array<int>, INT8, 127, -128",
        "array<smallint>, INT8, 0, -1",
        "array<int>, FLOAT32, 255, -1",
        "array<int>, FLOAT32, 256, 0",
        "array<smallint>, FLOAT32, 0, -129",
    })
    void reads_each_type_of_array(String column, ElementType type, float high, float low) {
        InputSpec spec =
                parquet(
                        "SELECT id, CAST(array("
                                + high
                                + ", 1, "
                                + low
                                + ") AS "
                                + column
                                + ") AS vector"
                                + " FROM VALUES (7L), (8L) AS t(id)");
        VectorTable table = VectorTable.open(spark, spec);
        assertThat(table.elementType()).isEqualTo(type);
        assertThat(table.dimensions()).isEqualTo(3);
        assertThat(table.idType()).isEqualTo(IdType.LONG);
        Tables.Contents contents = Tables.read(table);
        assertThat(contents.vectors().keySet()).containsExactly("7", "8");
        assertThat(contents.vectors().get("8")).containsExactly(high, 1, low);
        assertThat(contents.skipped()).isZero();
    }

    @Test
    void looks_at_all_values_before_it_narrows() {
        InputSpec spec =
                parquet(
                        "SELECT id, array(int(id), if(id = 4999, -1, 2)) AS vector"
                                + " FROM (SELECT id FROM range(0, 5000, 1, 7))");
        VectorTable table = VectorTable.open(spark, spec);
        assertThat(table.elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(Tables.read(table).vectors().get("4999")).containsExactly(4999, -1);
    }

    @Test
    void takes_a_stated_component_type_and_refuses_values_outside() {
        InputSpec spec = parquet("SELECT id, array(int(id), 2) AS vector FROM range(0, 200)");
        VectorTable table = VectorTable.open(spark, spec.withComponentType(ElementType.INT8));
        assertThat(table.elementType()).isEqualTo(ElementType.INT8);
        assertThatThrownBy(() -> Tables.read(table))
                .hasMessageContaining("component 0 is 1")
                .hasMessageContaining(", outside of int8");
        VectorTable floats = VectorTable.open(spark, spec.withComponentType(ElementType.FLOAT32));
        assertThat(Tables.read(floats).vectors().get("199")).containsExactly(199, 2);
    }

    @ParameterizedTest
    @CsvSource({
        ", FLOAT32, 0000803F000000C0, 1, -2",
        "FLOAT32, FLOAT32, 0000803F000000C0, 1, -2",
        "UINT8, UINT8, 01FE, 1, 254",
        "INT8, INT8, 01FE, 1, -2",
    })
    void reads_binary(ElementType stated, ElementType type, String hex, float first, float second) {
        InputSpec spec =
                parquet("SELECT 'a' AS id, unhex('" + hex + "') AS vector")
                        .withComponentType(stated);
        VectorTable table = VectorTable.open(spark, spec);
        assertThat(table.elementType()).isEqualTo(type);
        assertThat(table.dimensions()).isEqualTo(2);
        assertThat(Tables.read(table).vectors().get("a")).containsExactly(first, second);
    }

    @ParameterizedTest
    @CsvSource({
        "array(1f), uint8, float32",
        "array(1d), int8, float32",
        "array(1d), float32,",
        "array(1f), float32,",
        "array(1Y), uint8,",
        "array(1Y), int8,",
        "array(1Y), float32,",
        "array(1S), uint8,",
        "array(1), float32,",
    })
    void a_stated_type_is_honoured_or_refused(String vector, String stated, String held) {
        InputSpec spec =
                parquet("SELECT 1 AS id, " + vector + " AS vector")
                        .withComponentType(ElementType.ofLabel(stated));
        if (held == null) {
            VectorTable table = VectorTable.open(spark, spec);
            assertThat(table.elementType().label()).isEqualTo(stated);
            assertThat(Tables.read(table).vectors().get("1")).containsExactly(1);
        } else {
            assertThatThrownBy(() -> VectorTable.open(spark, spec))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(
                            ": the vectors are "
                                    + held
                                    + ", and --binary-type "
                                    + stated
                                    + " applies to binary and integer columns alone; leave it out");
        }
    }

    @Test
    void a_usual_type_is_for_what_is_not_stated() {
        InputSpec bytes =
                parquetNamed("bytes", "SELECT 1 AS id, unhex('01FE') AS vector")
                        .withUsualType(ElementType.UINT8);
        VectorTable table = VectorTable.open(spark, bytes);
        assertThat(table.elementType()).isEqualTo(ElementType.UINT8);
        assertThat(table.assumption()).contains("read as uint8, the type of the index");
        VectorTable stated = VectorTable.open(spark, bytes.withComponentType(ElementType.INT8));
        assertThat(stated.elementType()).isEqualTo(ElementType.INT8);
        assertThat(stated.assumption()).isEmpty();
        InputSpec floats = parquetNamed("floats", "SELECT 1 AS id, array(0.5f) AS vector");
        assertThat(VectorTable.open(spark, floats.withUsualType(ElementType.UINT8)).elementType())
                .isEqualTo(ElementType.FLOAT32);
    }

    @Test
    void a_binary_column_without_a_type_is_said_to_be_read_as_float32() {
        String assumed =
                "(no --binary-type was given, so the binary column was read as float32,"
                        + " little-endian; if it holds something else, give --binary-type float16,"
                        + " uint8 or int8)";
        assertThatThrownBy(
                        () ->
                                VectorTable.open(
                                        spark,
                                        parquetNamed(
                                                "odd", "SELECT 1 AS id, unhex('0102') AS vector")))
                .hasMessageContaining("holds no vector, in no row " + assumed);
        InputSpec mixed =
                parquetNamed(
                        "mixed",
                        "SELECT id, IF(id = 0, unhex('0000803F'), unhex('01020304050607')) AS"
                                + " vector FROM range(0, 2, 1, 1)");
        VectorTable table = VectorTable.open(spark, mixed);
        assertThatThrownBy(() -> Tables.read(table))
                .hasMessageContaining(
                        "the vector has 7 bytes, no whole number of float32 values " + assumed);
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, LONG, 9223372036854775807",
        "int, INT, -2147483648",
        "smallint, INT, -32768",
        "tinyint, INT, 127",
        "string, STRING, äöü-𝄞",
        "string, STRING, ''",
    })
    void reads_each_type_of_id(String column, IdType type, String value) {
        InputSpec spec =
                parquet(
                        "SELECT CAST('"
                                + value
                                + "' AS "
                                + column
                                + ") AS id, array(1f, 2f) AS vector");
        VectorTable table = VectorTable.open(spark, spec);
        assertThat(table.idType()).isEqualTo(type);
        assertThat(Tables.read(table).vectors()).containsOnlyKeys(value);
    }

    @Test
    void finds_columns_with_dots_and_fields_of_structs() {
        Dataset<Row> rows =
                spark.sql(
                        "SELECT 1L AS `a.b`, named_struct('b', 2L, 'v', array(5f), 'x`y',"
                                + " array(6f)) AS a, array(4f) AS `V`");
        InputSpec spec = parquet(rows);
        assertThat(one(spec.withColumns("a.b", "a.v"))).isEqualTo("1 5.0");
        assertThat(one(spec.withColumns("A.B", "v"))).isEqualTo("1 4.0");
        assertThat(one(spec.withColumns("a.b", "a.x`y"))).isEqualTo("1 6.0");
        assertThat(
                        one(
                                parquetNamed(
                                                "n",
                                                "SELECT named_struct('b', 2L) AS a, array(4f) AS v")
                                        .withColumns("a.b", "v")))
                .isEqualTo("2 4.0");
    }

    private InputSpec parquetNamed(String name, String sql) {
        String path = folder.resolve(name).toUri().toString();
        spark.sql(sql).write().parquet(path);
        return InputSpec.of(path);
    }

    private String one(InputSpec spec) {
        Tables.Contents contents = Tables.read(VectorTable.open(spark, spec));
        String id = contents.vectors().keySet().iterator().next();
        return id + " " + contents.vectors().get(id)[0];
    }

    @Test
    void reads_many_small_files_with_dictionaries() throws IOException {
        Dataset<Row> rows =
                spark.sql(
                        "SELECT concat('user-', id % 1000) AS id, transform(sequence(0, 15), i ->"
                                + " float(id % 3 + i % 2)) AS vector FROM range(0, 1000, 1, 40)");
        InputSpec spec = parquet(rows);
        try (var files = Files.list(folder.resolve("table"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".parquet")).count()).isEqualTo(40);
        }
        Tables.Contents contents = Tables.read(VectorTable.open(spark, spec));
        assertThat(contents.vectors()).hasSize(1000);
        assertThat(contents.vectors().get("user-998"))
                .containsExactly(2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3);
        assertThat(contents.vectors().get("user-0")).startsWith(0, 1, 0, 1);
    }

    @Test
    void reads_without_the_vectorized_parquet_reader() {
        InputSpec spec =
                parquet("SELECT id, array(float(id), 1f) AS vector FROM range(0, 100, 1, 1)");
        spark.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
        try {
            assertThat(Tables.read(VectorTable.open(spark, spec)).vectors().get("42"))
                    .containsExactly(42, 1);
        } finally {
            spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
        }
    }

    @Test
    void skips_empty_partitions() {
        Dataset<Row> rows =
                spark.sql("SELECT id, array(float(id)) AS vector FROM range(0, 100, 1, 10)")
                        .where("id >= 95");
        VectorTable table = VectorTable.of(rows, InputSpec.of("a query"));
        Tables.Contents contents = Tables.read(table);
        assertThat(table.batches().getNumPartitions()).isEqualTo(10);
        assertThat(contents.vectors()).containsOnlyKeys("95", "96", "97", "98", "99");
        assertThat(contents.batches()).isEqualTo(1);
    }

    @Test
    void batches_are_bounded_and_do_not_share_arrays() {
        VectorTable wide =
                VectorTable.of(
                        spark.sql(
                                "SELECT id, transform(sequence(1, 1024), i -> float(id)) AS vector"
                                        + " FROM range(0, 600, 1, 1)"),
                        InputSpec.of("wide"));
        assertThat(sizes(wide)).containsExactly(256, 256, 88);
        assertThat(Tables.read(wide).vectors())
                .allSatisfy((id, v) -> assertThat(v[1023]).isEqualTo(Float.parseFloat(id)));
        VectorTable narrow =
                VectorTable.of(
                        spark.sql(
                                "SELECT id, array(float(id)) AS vector FROM range(0, 10000, 1, 1)"),
                        InputSpec.of("narrow"));
        assertThat(sizes(narrow)).containsExactly(8192, 1808);
        JavaRDD<Boolean> fresh =
                narrow.batches()
                        .mapPartitions(
                                batches -> {
                                    float[] first = batches.next().vectors().floats();
                                    return List.of(
                                                    first != batches.next().vectors().floats()
                                                            && first[8191] == 8191)
                                            .iterator();
                                });
        assertThat(fresh.collect()).containsExactly(true);
    }

    private static List<Integer> sizes(VectorTable table) {
        return table.batches().map(batch -> batch.size()).collect();
    }

    @Test
    void a_batch_ends_when_its_ids_are_large() {
        VectorTable table =
                VectorTable.of(
                        spark.sql(
                                "SELECT concat(id, '-', repeat('x', 9000000)) AS id, array(1f) AS"
                                        + " vector FROM range(0, 5, 1, 1)"),
                        InputSpec.of("long ids"));
        assertThat(sizes(table)).containsExactly(2, 2, 1);
    }

    @Test
    void splits_follow_the_setting_of_spark() {
        InputSpec spec =
                parquet(
                        "SELECT id, transform(sequence(1, 64), i -> float((id * 7919 + i * 31) %"
                                + " 99991)) AS vector FROM range(0, 20000, 1, 1)");
        spark.conf().set("spark.sql.files.maxPartitionBytes", "100000");
        try {
            VectorTable table = VectorTable.open(spark, spec);
            assertThat(table.batches().getNumPartitions()).isGreaterThanOrEqualTo(5);
            assertThat(Tables.read(table).vectors()).hasSize(20000);
        } finally {
            spark.conf().unset("spark.sql.files.maxPartitionBytes");
        }
    }

    @Test
    void an_empty_table_is_refused() {
        InputSpec spec = parquet("SELECT 1L AS id, array(1f) AS vector WHERE 1 = 0");
        assertThatThrownBy(() -> VectorTable.open(spark, spec))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("table: the table is empty");
    }

    @Test
    void a_table_without_vectors_is_refused() {
        InputSpec spec = parquet("SELECT 1L AS id, CAST(NULL AS array<float>) AS vector");
        assertThatThrownBy(() -> VectorTable.open(spark, spec))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("column 'vector' holds no vector");
    }

    @Test
    void a_missing_column_is_named_with_those_there_are() {
        InputSpec spec =
                parquet("SELECT 1L AS key, array(1f) AS vector, named_struct('x', 1) AS s");
        assertThatThrownBy(() -> VectorTable.open(spark, spec))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "no column 'id'; it has key (bigint), vector (array<float>), s.x (int)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1.5D | array(1f) | column 'id' is double; it must be bigint, int, smallint,"
                        + " tinyint or string",
                "1L | 'x' | column 'vector' is string; it must be an array of float, double",
                "1L | array('x') | column 'vector' is array<string>; it must be",
                "1L | array(1L) | column 'vector' is array<bigint>; it must be",
                "1L | array(array(1f)) | column 'vector' is array<array<float>>; it must be",
            })
    void an_unsupported_type_is_refused(String id, String vector, String message) {
        InputSpec spec = parquet("SELECT " + id + " AS id, " + vector + " AS vector");
        assertThatThrownBy(() -> VectorTable.open(spark, spec))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_missing_path_and_an_unknown_format_are_refused() throws IOException {
        String missing = folder.resolve("nowhere").toString();
        assertThatThrownBy(() -> VectorTable.open(spark, InputSpec.of(missing)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(missing + ": no such file or folder");
        Path file = Files.writeString(folder.resolve("a.xyz"), "x");
        assertThatThrownBy(() -> VectorTable.open(spark, InputSpec.of(file.toString())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "its name does not tell its format; say --format with one of parquet,"
                                + " fvecs");
        assertThatThrownBy(
                        () ->
                                VectorTable.open(
                                        spark, InputSpec.of(file.toString()).withFormat("csv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("unknown format 'csv'; use one of parquet, fvecs");
        assertThatThrownBy(
                        () ->
                                VectorTable.open(
                                        spark, InputSpec.of(file.toString()).withFormat("parquet")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(".*a\\.xyz: cannot be read: .*is not a Parquet file.*")
                .hasMessageNotContaining("\n");
        Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(
                        () ->
                                VectorTable.open(
                                        spark, InputSpec.of(folder.resolve("empty").toString())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be read as Parquet");
    }

    @Test
    void a_pattern_names_several_files() {
        parquetNamed("part=1", "SELECT 1L AS id, array(1f) AS vector");
        parquetNamed("part=2", "SELECT 2L AS id, array(1f) AS vector");
        InputSpec spec = InputSpec.of(folder.toUri() + "part=*");
        assertThat(Tables.read(VectorTable.open(spark, spec)).vectors()).containsOnlyKeys("1", "2");
    }
}
