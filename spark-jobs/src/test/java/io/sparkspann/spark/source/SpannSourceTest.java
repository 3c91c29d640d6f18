package io.sparkspann.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedSpark.class)
class SpannSourceTest {
    private static final int ROWS = 700;
    private static final int D = 6;

    @TempDir Path folder;

    private final SparkSession spark;

    SpannSourceTest(SparkSession spark) {
        this.spark = spark;
    }

    @AfterEach
    void drop() {
        spark.sql("DROP TABLE IF EXISTS items");
        spark.sql("DROP TABLE IF EXISTS copied");
        spark.catalog().dropTempView("wanted");
        spark.catalog().dropTempView("pairs");
    }

    private String index() {
        return folder.resolve("index").toString();
    }

    /** Rows with a column of most types. */
    private Dataset<Row> rows(String... columns) {
        VectorBlock vectors = VectorSamples.clustered(ROWS, D, 5, 1);
        String table =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("base-" + System.nanoTime()),
                        vectors,
                        VectorSamples.Table.ofLongs(3, 4));
        return spark.read().parquet(table).selectExpr(columns);
    }

    private Dataset<Row> rows() {
        return rows(
                "id",
                "if(id % 5 = 0, null, concat('name ', id)) as name",
                "vector",
                "id % 7 as kind",
                "map('id', id) as numbers",
                "struct(id as a, array(cast(id as string), null) as b) as nested",
                "cast(id / 3 as decimal(20, 5)) as exact",
                "timestamp_seconds(id) as time",
                "date_from_unix_date(cast(id as int)) as day",
                "encode(concat('x', id), 'utf-8') as bytes",
                "id % 2 = 0 as even");
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("spann").option("shards", 3).option("calibrationQueries", 50);
    }

    private DataFrameReader reader() {
        return spark.read().format("spann");
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows
                .orderBy("id")
                .select(functions.to_json(functions.struct("*")))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private static void requireRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .satisfies(
                        error -> {
                            SpannException found = SparkErrors.unwrap(error).orElseThrow();
                            assertThat(found).isInstanceOf(InvalidInputException.class);
                            assertThat(found.getMessage()).contains(message);
                        });
    }

    @Test
    void a_table_comes_back_with_all_its_columns() {
        Dataset<Row> rows = rows();
        writer(rows).save(index());
        Dataset<Row> table = reader().load(index());
        assertThat(table.schema().fieldNames()).containsExactly(rows.schema().fieldNames());
        for (String name : rows.columns()) {
            assertThat(table.schema().apply(name).dataType())
                    .isEqualTo(rows.schema().apply(name).dataType());
        }
        assertThat(texts(table)).isEqualTo(texts(rows));
        assertThat(table.count()).isEqualTo(ROWS);
        assertThat(table.select("even", "id").where("id = 4").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[true,4]");
    }

    @Test
    void rows_lie_with_their_vectors() throws IOException {
        writer(rows()).save(index());
        Manifest manifest =
                new Snapshots(LocalStorage.of(folder.resolve("index"))).requireCurrent();
        assertThat(manifest.shards()).hasSize(3);
        for (var shard : manifest.shards()) {
            String file = index() + "/" + shard.file(FileKind.ROWS).path();
            List<Long> ids =
                    spark.read().parquet(file).select("id").collectAsList().stream()
                            .map(row -> row.getLong(0))
                            .toList();
            assertThat(ids).hasSize((int) shard.vectors()).isSorted();
        }
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void what_is_evaluated_anew_each_time_is_evaluated_once() {
        Dataset<Row> random =
                rows("id", "transform(vector, x -> cast(x + rand() as float)) as vector")
                        .repartition(3);
        writer(random).save(index());
        Dataset<Row> table = reader().load(index());
        assertThat(table.count()).isEqualTo(ROWS);
        // Each vector is its own nearest, so those that were indexed are those that were kept.
        Dataset<Row> pairs = KnnJoin.of(index()).k(1).probes(1000, 9).join(table);
        assertThat(pairs.where("id <> neighbor_id or distance > 0").count()).isZero();
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void equal_rows_make_equal_files() throws IOException {
        Map<String, byte[]> first = files(rows().repartition(5));
        Map<String, byte[]> second = files(rows().repartition(2, functions.col("kind")));
        assertThat(first.keySet()).isEqualTo(second.keySet()).hasSize(16);
        first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
    }

    /** The files of an index of these rows, by their names without attempts. */
    private Map<String, byte[]> files(Dataset<Row> rows) throws IOException {
        Path index = Files.createTempDirectory(folder, "same");
        writer(rows).mode(SaveMode.Overwrite).save(index.toString());
        Manifest manifest = new Snapshots(LocalStorage.of(index)).requireCurrent();
        Map<String, byte[]> files = new TreeMap<>();
        files.put("router", Files.readAllBytes(index.resolve(manifest.router().path())));
        for (var shard : manifest.shards()) {
            for (var file : shard.files().values()) {
                files.put(
                        shard.shard() + file.kind().label(),
                        Files.readAllBytes(index.resolve(file.path())));
            }
        }
        return files;
    }

    @Test
    void modes_are_those_of_spark() {
        Dataset<Row> rows = rows("id", "vector");
        writer(rows).save(index());
        requireRefused(
                () -> writer(rows).mode(SaveMode.ErrorIfExists).save(index()),
                "index: there is an index already; use mode overwrite, or another path");
        requireRefused(
                () -> writer(rows).mode(SaveMode.Append).save(index()),
                "rows cannot be appended to an index yet");
        Dataset<Row> other = rows.withColumn("more", functions.lit(1));
        writer(other).mode(SaveMode.Ignore).save(index());
        assertThat(reader().load(index()).columns()).containsExactly("id", "vector");
        writer(other).mode(SaveMode.Overwrite).save(index());
        assertThat(reader().load(index()).columns()).containsExactly("id", "vector", "more");
        Dataset<Row> old = reader().option("versionAsOf", 1).load(index());
        assertThat(old.columns()).containsExactly("id", "vector");
        assertThat(old.count()).isEqualTo(ROWS);
        requireRefused(
                () -> reader().option("versionAsOf", 9).load(index()),
                "Snapshot 9 does not exist in");
    }

    /** The older snapshot is read while the new one is made of it. */
    @Test
    void a_table_can_be_overwritten_with_rows_of_its_own() {
        writer(rows("id", "vector")).save(index());
        Dataset<Row> half = reader().load(index()).where("id % 2 = 0");
        writer(half).mode(SaveMode.Overwrite).save(index());
        Dataset<Row> table = reader().load(index());
        assertThat(table.count()).isEqualTo(ROWS / 2);
        assertThat(table.where("id % 2 = 1").count()).isZero();
    }

    @Test
    void sql_creates_reads_and_drops_tables() {
        writer(rows("id", "vector", "id % 7 as kind")).save(index());
        spark.sql("CREATE TABLE items USING spann LOCATION '" + index() + "'");
        assertThat(spark.sql("SELECT count(*), sum(kind) FROM items WHERE id < 14").first())
                .hasToString("[14,42]");
        spark.sql(
                "CREATE TABLE copied USING spann OPTIONS (idColumn 'key', vectorColumn 'v',"
                        + " metric 'cosine', shards '2', calibrationQueries '20') AS SELECT"
                        + " string(id) AS key, vector AS v, kind FROM items WHERE kind > 2");
        assertThat(spark.table("copied").columns()).containsExactly("key", "v", "kind");
        assertThat(spark.sql("SELECT min(kind) FROM copied").first().getLong(0)).isEqualTo(3);
        assertThatThrownBy(() -> spark.sql("INSERT INTO items SELECT * FROM items"))
                .hasMessageContaining("items");
        assertThat(spark.table("items").count()).isEqualTo(ROWS);
    }

    @Test
    void a_join_is_a_read() {
        writer(rows("id", "vector", "id % 7 as kind")).save(index());
        rows("id as query", "vector as v").where("query < 30").createOrReplaceTempView("wanted");
        spark.sql(
                "CREATE TEMPORARY VIEW pairs USING spann OPTIONS (path '"
                        + index()
                        + "', queries 'wanted', k '3', probes '1000', queryVectorColumn 'v')");
        assertThat(
                        spark.sql("SELECT query, neighbor_id, rank FROM pairs WHERE rank = 1")
                                .collectAsList())
                .hasSize(30)
                .allMatch(row -> row.getLong(0) == row.getLong(1));
        String path = folder.resolve("queries").toString();
        spark.table("wanted").withColumnRenamed("v", "vector").write().parquet(path);
        Dataset<Row> read =
                reader().option("queries", path)
                        .option("k", 5)
                        .option("recallTarget", 0.9)
                        .option("queryIdColumn", "query")
                        .option("excludeSelf", true)
                        .load(index());
        assertThat(read.count()).isEqualTo(30 * 5);
        assertThat(read.where("query = neighbor_id").count()).isZero();
        assertThat(reader().option("queries", path).option("maxDistance", 0).load(index()).count())
                .isEqualTo(30);
    }

    @Test
    void rows_of_neighbours_come_along() {
        writer(rows()).save(index());
        Dataset<Row> queries = rows("id as q", "vector").where("q < 20");
        KnnJoin join = KnnJoin.of(index()).k(3).probes(1000, 9);
        Dataset<Row> pairs = join.payload("name", "nested", "kind").join(queries);
        assertThat(pairs.columns())
                .containsExactly(
                        "q",
                        "vector",
                        "neighbor_id",
                        "distance",
                        "rank",
                        "neighbor_name",
                        "neighbor_nested",
                        "neighbor_kind");
        assertThat(pairs.count()).isEqualTo(20 * 3);
        assertThat(
                        pairs.where(
                                        "neighbor_kind <> neighbor_id % 7 or neighbor_nested.a <>"
                                                + " neighbor_id or neighbor_name <> concat('name"
                                                + " ', neighbor_id)")
                                .count())
                .isZero();
        Dataset<Row> none = join.payload("kind").outer(true).maxDistance(-1).join(queries);
        assertThat(none.where("neighbor_kind is null and rank is null").count()).isEqualTo(20);
        queries.createOrReplaceTempView("wanted");
        Dataset<Row> read =
                reader().option("queries", "wanted")
                        .option("payload", "kind, even")
                        .option("k", 2)
                        .load(index());
        assertThat(read.where("neighbor_even = (neighbor_id % 2 = 0)").count()).isEqualTo(40);
        requireRefused(
                () -> join.payload("price").join(queries),
                "payload: the index keeps no column 'price'; it keeps id, name, vector");
        requireRefused(
                () ->
                        join.payload("kind")
                                .join(queries.withColumn("neighbor_kind", functions.lit(1))),
                "would be in the result twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id = 3",
                "id <=> 3",
                "id > 690 or id < 3",
                "not (id >= 5)",
                "id in (1, 2, 999)",
                "name is null and id < 20",
                "name is not null and kind <= 1",
                "name like 'name 1%'",
                "name like '%11'",
                "name like '%me 2%' and id % 3 = 0",
                "not (name like 'name%') or even",
                "nested.a = 17",
                "numbers['id'] = 9",
                "time > timestamp_seconds(600) and day < date'1971-11-20'",
                "exact = 2.33333",
                "`odd name.` = 6"
            })
    void filters_select_the_same_rows(String condition) {
        Dataset<Row> rows = rows().withColumn("odd name.", functions.expr("id * 2"));
        writer(rows).save(index());
        List<String> expected = texts(rows.where(condition));
        assertThat(texts(reader().load(index()).where(condition))).isEqualTo(expected);
        assertThat(reader().load(index()).where(condition).select("id").count())
                .isEqualTo(expected.size());
    }

    @Test
    void columns_and_filters_reach_the_files() {
        writer(rows("id", "vector", "id % 7 as kind")).save(index());
        Dataset<Row> some = reader().load(index()).where("id < 0").select("kind");
        assertThat(some.queryExecution().executedPlan().toString())
                .contains("Scan spann table")
                .contains("PushedFilters: [IsNotNull(id), LessThan(id,0)]")
                .contains("ReadSchema: struct<kind:bigint,id:bigint>");
        // No group of rows can match, so none is read.
        assertThat(some.rdd().toJavaRDD().count()).isZero();
    }

    /** What vectors of Spark ML are to the engine: dense where the id is even, else sparse. */
    @Test
    void vectors_of_spark_ml_are_indexed() {
        String indices = "sequence(0, size(vector) - 1)";
        Dataset<Row> rows =
                rows(
                        "id",
                        "named_struct('type', cast(if(id % 2 = 0, 1, 0) as tinyint), 'size',"
                                + " if(id % 2 = 0, null, size(vector)), 'indices', if(id % 2 = 0,"
                                + " null, filter("
                                + indices
                                + ", i -> vector[i] > 0)), 'values', cast(if(id % 2 = 0, vector,"
                                + " filter(vector, x -> x > 0)) as array<double>)) as vector",
                        "transform(vector, x -> if(id % 2 = 0 or x > 0, x, 0f)) as plain");
        writer(rows).save(index());
        Dataset<Row> table = reader().load(index());
        assertThat(texts(table)).isEqualTo(texts(rows));
        for (String column : List.of("vector", "plain")) {
            Dataset<Row> pairs =
                    KnnJoin.of(index()).k(1).probes(1000, 9).vectorColumn(column).join(table);
            assertThat(pairs.where("distance = 0").count()).isEqualTo(ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"day=2026-01-01/index", "a b/[x]{1,2}", "äöü/100%", "x*?"})
    void folders_may_have_any_names(String name) {
        String path = folder.resolve(name).toString();
        writer(rows("id", "vector")).save(path);
        assertThat(reader().load(path).columns()).containsExactly("id", "vector");
        assertThat(reader().load(path).count()).isEqualTo(ROWS);
        Dataset<Row> some = reader().load(path).where("id < 5");
        assertThat(KnnJoin.of(path).k(2).join(some).count()).isEqualTo(10);
    }

    @Test
    void a_flipped_byte_of_the_rows_is_found() throws IOException {
        writer(rows("id", "vector")).save(index());
        LocalStorage storage = LocalStorage.of(folder.resolve("index"));
        List<String> lines = new ArrayList<>();
        assertThat(IndexVerifier.verify(storage, lines::add).damages()).isZero();
        String path =
                new Snapshots(storage).requireCurrent().shards().get(1).file(FileKind.ROWS).path();
        Path file = folder.resolve("index").resolve(path);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        IndexVerifier.verify(storage, lines::add);
        assertThat(lines)
                .containsExactly(
                        path + ": section file is damaged: its CRC32C is not the manifest's");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        lines.clear();
        IndexVerifier.verify(storage, lines::add);
        assertThat(lines).hasSize(1).allMatch(line -> line.contains("the manifest has"));
    }

    @Test
    void wrong_options_and_columns_are_refused() {
        Dataset<Row> rows = rows("id", "vector");
        requireRefused(
                () -> writer(rows).option("metrik", "ip").save(index()),
                "there is no option 'metrik'; there are idColumn, vectorColumn, metric");
        requireRefused(
                () -> writer(rows).option("metric", "l3").save(index()), "Unknown metric 'l3'");
        requireRefused(
                () -> writer(rows).option("headRatio", "much").save(index()),
                "option headRatio is 'much'; it must be a number");
        requireRefused(
                () -> writer(rows).option("idColumn", "key").save(index()),
                "the DataFrame: no column 'key'; it has id, vector");
        requireRefused(() -> writer(rows.union(rows)).save(index()), "id");
        requireRefused(() -> reader().load(index()), "there is no index here");
        requireRefused(() -> writer(rows.where("id < 0")).save(index()), "the table is empty");
        assertThat(Files.exists(folder.resolve("index"))).isFalse();
    }

    @Test
    void bad_rows_are_left_out_where_that_is_asked_for() {
        Dataset<Row> rows =
                rows("id", "if(id = 3, transform(vector, x -> float('nan')), vector) as vector");
        requireRefused(() -> writer(rows).save(index()), "component 0 is NaN");
        writer(rows).option("onBadRow", "skip").save(index());
        assertThat(reader().load(index()).count()).isEqualTo(ROWS - 1);
    }
}
