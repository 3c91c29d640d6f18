package io.sparkspann.spark.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins whose rows have the columns of the queries. */
@ExtendWith(SharedSpark.class)
class CarriedJoinTest {
    private static final int QUERIES = 70;
    private static final int K = 6;

    private final VectorBlock base = VectorSamples.clustered(900, 8, 6, 1);
    private final VectorBlock queries = VectorSamples.clustered(QUERIES, 8, 6, 2);

    @TempDir Path folder;

    private final SparkSession spark;

    CarriedJoinTest(SparkSession spark) {
        this.spark = spark;
    }

    /** How heads and ids fit: in one step, or with shards that are scanned apart. */
    private enum Way {
        DIRECT(JoinMemory.BY_SETTINGS),
        APART(new JoinMemory(0, 1)),
        LITTLE_MEMORY(new JoinMemory(1, 1));

        private final JoinMemory memory;

        Way(JoinMemory memory) {
            this.memory = memory;
        }
    }

    private KnnJoin join(Metric metric) {
        return join(metric, VectorSamples.Table.ofLongs(3, 4));
    }

    private KnnJoin join(Metric metric, VectorSamples.Table table) {
        String input = VectorSamples.parquet(spark, folder.resolve("base"), base, table);
        Builds.build(
                spark,
                InputSpec.of(input),
                folder.resolve("index"),
                BuildOptions.of(metric).withShards(3).withCalibrationQueries(0),
                BuildMode.ERROR);
        return KnnJoin.of(spark, folder.resolve("index").toString())
                .k(K)
                .probes(100_000, Double.POSITIVE_INFINITY);
    }

    private Dataset<Row> queries(String... columns) {
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("queries"),
                        queries,
                        VectorSamples.Table.ofLongs(2, 5));
        return spark.read().parquet(input).selectExpr(columns);
    }

    private List<List<String>> expected(Metric metric) {
        return BruteForce.search(metric, base, i -> (long) i, queries, K, null);
    }

    /** Rows by the text of a column, each as the text of all the others. */
    private static Map<String, List<String>> byText(Dataset<Row> rows, String key) {
        Map<String, List<String>> all = new TreeMap<>();
        Dataset<Row> texts =
                rows.select(functions.col(key), functions.to_json(functions.struct("*")));
        for (Row row : texts.collectAsList()) {
            all.computeIfAbsent(String.valueOf(row.get(0)), k -> new ArrayList<>())
                    .add(row.getString(1));
        }
        all.values().forEach(list -> list.sort(null));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void columns_of_every_type_come_back_with_their_neighbours(Way way) {
        KnnJoin join = join(Metric.L2).memory(way.memory);
        Dataset<Row> table =
                queries(
                        "id as query_id",
                        "vector",
                        "cast(id as tinyint) as small",
                        "if(id % 3 = 0, null, repeat('ä', cast(id as int) * 40)) as text",
                        "map('id', id, 'twice', 2 * id) as numbers",
                        "struct(array(id, null) as list, map(id, 'x') as inner) as nested",
                        "cast(id / 7 as decimal(38, 10)) as exact",
                        "id % 2 = 0 as even",
                        "cast(null as string) as nothing",
                        "timestamp_seconds(id) as time",
                        "encode(cast(id as string), 'utf-8') as bytes");
        Dataset<Row> joined = join.join(table);
        assertThat(joined.columns()).startsWith(table.columns());
        assertThat(joined.columns()).endsWith("neighbor_id", "distance", "rank");
        Dataset<Row> lists = joined.select("query_id", "neighbor_id", "distance", "rank");
        Joined.requireEqual(lists, i -> (long) i, expected(Metric.L2));
        Dataset<Row> carried = joined.select(columns(table)).distinct();
        // Maps cannot be told apart by Spark, but their texts can.
        assertThat(byText(joined.drop("neighbor_id", "distance", "rank"), "query_id"))
                .hasSize(QUERIES)
                .allSatisfy((id, rows) -> assertThat(rows).hasSize(K));
        assertThat(carried.count()).isEqualTo(QUERIES);
        Map<String, List<String>> before = byText(table, "query_id");
        byText(joined.drop("neighbor_id", "distance", "rank"), "query_id")
                .forEach((id, rows) -> assertThat(rows).allMatch(before.get(id).get(0)::equals));
    }

    private static org.apache.spark.sql.Column[] columns(Dataset<Row> table) {
        return java.util.Arrays.stream(table.columns())
                .filter(name -> !name.equals("numbers") && !name.equals("nested"))
                .map(functions::col)
                .toArray(org.apache.spark.sql.Column[]::new);
    }

    @Test
    void columns_come_in_the_order_and_number_that_is_asked_for() {
        Dataset<Row> joined = join(Metric.L2).join(queries("id as q", "vector", "'x' as name"));
        List<List<String>> expected = expected(Metric.L2);
        Map<Long, List<String>> found = new TreeMap<>();
        for (Row row : joined.select("rank", "q", "distance", "neighbor_id").collectAsList()) {
            found.computeIfAbsent(row.getLong(1), q -> new ArrayList<>())
                    .add(row.getLong(3) + " " + row.getFloat(2));
        }
        assertThat(found).hasSize(QUERIES);
        found.forEach((q, list) -> assertThat(list).isEqualTo(expected.get(q.intValue())));
        assertThat(joined.select("neighbor_id").count()).isEqualTo(QUERIES * K);
        assertThat(joined.count()).isEqualTo(QUERIES * K);
        assertThat(joined.where("rank = 1 and q < 10").select("name", "q").collectAsList())
                .hasSize(10)
                .allMatch(row -> row.getString(0).equals("x"));
    }

    @Test
    void rows_that_are_equal_have_their_own_neighbours() {
        Dataset<Row> some = queries("id as q", "vector").where("q < 5");
        Dataset<Row> twice = some.union(some).repartition(3);
        for (Way way : Way.values()) {
            KnnJoin join = way == Way.DIRECT ? join(Metric.L2) : reopened();
            Dataset<Row> joined = join.memory(way.memory).join(twice).select("q", "rank");
            assertThat(joined.groupBy("q", "rank").count().where("count = 2").count())
                    .isEqualTo(5 * K);
        }
    }

    private KnnJoin reopened() {
        return KnnJoin.of(spark, folder.resolve("index").toString())
                .k(K)
                .probes(100_000, Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @EnumSource
    void an_outer_join_keeps_queries_without_neighbours(Way way) {
        KnnJoin join = join(Metric.L2).memory(way.memory).outer(true);
        Dataset<Row> table =
                queries("id as q", "if(id % 4 = 1, null, vector) as vector", "id * 2 as twice");
        List<Row> rows =
                join.join(table).select("q", "neighbor_id", "rank", "twice").collectAsList();
        long without = table.where("vector is null").count();
        assertThat(without).isPositive();
        assertThat(rows).hasSize((int) ((QUERIES - without) * K + without));
        assertThat(rows)
                .allMatch(row -> row.isNullAt(1) == (row.getLong(0) % 4 == 1))
                .allMatch(row -> row.isNullAt(1) == row.isNullAt(2))
                .allMatch(row -> row.getLong(3) == 2 * row.getLong(0));
        List<Row> none = join.maxDistance(-1).join(table).select("q", "rank").collectAsList();
        assertThat(none).hasSize(QUERIES).allMatch(row -> row.isNullAt(1));
    }

    @Test
    void a_zero_vector_has_no_neighbours_under_cosine() {
        KnnJoin join = join(Metric.COSINE).outer(true);
        Dataset<Row> table =
                queries("id as q", "if(id = 7, transform(vector, x -> 0f), vector) as vector");
        List<Row> rows = join.join(table).where("rank is null").collectAsList();
        assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(7L);
        requireRefused(
                join.outer(false).join(table),
                "column 'vector': all components are zero, which has no direction");
    }

    @ParameterizedTest
    @CsvSource({"L2", "IP", "COSINE"})
    void neighbours_beyond_the_limit_are_left_out(Metric metric) {
        KnnJoin join = join(metric);
        List<List<String>> expected = expected(metric);
        double limit = Double.parseDouble(expected.get(3).get(2).split(" ")[1]);
        for (Way way : Way.values()) {
            Dataset<Row> rows =
                    join.memory(way.memory)
                            .maxDistance(limit)
                            .join(queries("id as q", "vector").where("q = 3").dropDuplicates("q"))
                            .select("q", "neighbor_id", "distance", "rank");
            assertThat(Joined.lists(rows).get("3")).containsExactly(expected.get(3).subList(0, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bigint", "int", "string"})
    void a_self_join_leaves_out_the_query_itself(String type) {
        VectorSamples.Table ids =
                new VectorSamples.Table(
                        type.equals("string") ? DataTypes.StringType : DataTypes.LongType,
                        i -> type.equals("string") ? (Object) ("v" + i) : (Object) (long) i,
                        2,
                        3);
        KnnJoin join = join(Metric.L2, ids).excludeSelf(true);
        Dataset<Row> table = spark.read().parquet(folder.resolve("base").toString());
        Dataset<Row> self =
                table.selectExpr("cast(id as " + type + ") as id", "vector", "id as own");
        BruteForce.Ids names = i -> ids.ids().apply(i);
        List<List<String>> expected = BruteForce.search(Metric.L2, base, names, base, K, names);
        for (Way way : Way.values()) {
            Dataset<Row> rows = join.memory(way.memory).join(self);
            Joined.requireEqual(
                    rows.select("own", "neighbor_id", "distance", "rank"), names, expected);
        }
        assertThat(join.idColumn("own").join(self.withColumnRenamed("id", "x")).count())
                .isEqualTo(base.size() * (long) K);
    }

    /** Blocks end when the rows that queries carry take much memory. */
    @ParameterizedTest
    @EnumSource
    void wide_rows_are_carried(Way way) {
        KnnJoin join = join(Metric.L2).memory(way.memory);
        Dataset<Row> wide =
                queries("id as q", "vector", "repeat(cast(id % 10 as string), 400000) as text");
        Dataset<Row> joined =
                join.join(wide)
                        .selectExpr(
                                "q", "length(text) as length", "left(text, 1) as first", "rank");
        assertThat(joined.count()).isEqualTo(QUERIES * K);
        assertThat(joined.where("length = 400000 and first = cast(q % 10 as string)").count())
                .isEqualTo(QUERIES * K);
    }

    @Test
    void columns_that_are_missing_or_clash_are_refused() {
        KnnJoin join = join(Metric.L2);
        Dataset<Row> table = queries("id", "vector as v", "id as Rank");
        assertThatThrownBy(() -> join.join(table))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "queries: the column 'Rank' would be in the result twice; rename it or"
                                + " leave it out before the join");
        assertThatThrownBy(() -> join.join(table.drop("Rank")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "queries: no column 'vector'; it has id, v; name one with vectorColumn"
                                + " (as a data source, option queryVectorColumn)");
        assertThat(join.vectorColumn("V").join(table.drop("Rank")).count()).isEqualTo(QUERIES * K);
        Dataset<Row> odd = table.drop("Rank").withColumn("id", functions.col("id").cast("double"));
        assertThatThrownBy(() -> join.vectorColumn("v").excludeSelf(true).join(odd))
                .hasMessageContaining("column 'id' is double; ids are bigint");
        assertThatThrownBy(() -> join.maxDistance(Double.NaN))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void vectors_that_cannot_be_searched_for_are_refused() {
        KnnJoin join = join(Metric.L2);
        requireRefused(
                join.join(queries("if(id = 5, slice(vector, 1, 3), vector) as vector")),
                "column 'vector': the vector has 3 components instead of 8");
        requireRefused(
                join.join(queries("if(id = 5, null, vector) as vector")),
                "column 'vector': the vector is null");
    }

    private static void requireRefused(Dataset<Row> rows, String message) {
        assertThatThrownBy(rows::collectAsList)
                .satisfies(
                        error ->
                                assertThat(SparkErrors.unwrap(error))
                                        .hasValueSatisfying(
                                                found ->
                                                        assertThat(found.getMessage())
                                                                .contains(message)));
    }
}
