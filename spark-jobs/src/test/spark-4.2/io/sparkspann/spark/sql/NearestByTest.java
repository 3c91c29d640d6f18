package io.sparkspann.spark.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.source.SpannIndexes;
import io.sparkspann.spark.stage.ShownStages;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins of Spark's own SQL on an index find what they find by brute force. */
@ExtendWith(SharedSpark.class)
class NearestByTest {
    private static final String NODE = "SpannNearestJoin";
    private static final String WHOLE_STAGE = "spark.sql.codegen.wholeStage";
    private static final int ROWS = 500;
    private static final int QUERIES = 40;
    private static final int D = 6;

    private static final Map<String, String> INDEXES = new HashMap<>();

    private static String queries;

    @TempDir static Path shared;
    @TempDir Path folder;

    private final SparkSession spark;

    NearestByTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void readAllPostings() {
        spark.conf().set(NearestByRule.PROBES_KEY, 100_000);
        if (queries == null) {
            queries = write(shared.resolve("queries"), QUERIES, 2);
        }
        spark.read()
                .parquet(queries)
                .selectExpr("id as qid", "vector as qv", "id % 3 as part")
                .createOrReplaceTempView("q");
    }

    @AfterEach
    void drop() {
        spark.conf().unset(NearestByRule.PROBES_KEY);
        spark.conf().unset(NearestByRule.RECALL_TARGET_KEY);
        spark.conf().unset(SpannIndexes.INDEXES_KEY);
        spark.sql("DROP VIEW IF EXISTS some");
        spark.sql("DROP TABLE IF EXISTS t");
        spark.catalog().dropTempView("q");
    }

    private Dataset<Row> table(String name, int rows, long seed) {
        return spark.read().parquet(write(folder.resolve(name), rows, seed));
    }

    private String write(Path file, int rows, long seed) {
        return VectorSamples.parquet(
                spark,
                file,
                VectorSamples.clustered(rows, D, 5, seed),
                VectorSamples.Table.ofLongs(2, 3));
    }

    /** A table over an index, which tests that want the same share. */
    private void createTable(String metric, String... columns) {
        String index =
                INDEXES.computeIfAbsent(
                        metric + List.of(columns), key -> build(metric, List.of(columns)));
        spark.sql("CREATE TABLE t USING spann LOCATION '" + index + "'");
    }

    private String build(String metric, List<String> columns) {
        String index = shared.resolve("index-" + INDEXES.size()).toString();
        table("base", ROWS, 1)
                .selectExpr(columns.toArray(new String[0]))
                .write()
                .format("spann")
                .option("metric", metric)
                .option("vectorColumn", columns.get(1).endsWith(" v") ? "v" : "vector")
                .option("shards", 2)
                .option("calibrationQueries", 100)
                .save(index);
        return index;
    }

    private static String plan(Dataset<Row> rows) {
        return rows.queryExecution().executedPlan().toString();
    }

    /** The rows of a query, on the index, after a look that Spark finds the same by itself. */
    private List<String> sameAsExact(String sql) {
        Dataset<Row> approx = spark.sql(sql);
        assertThat(plan(approx)).contains(NODE);
        Dataset<Row> exact = spark.sql(sql.replace("APPROX", "EXACT"));
        assertThat(plan(exact)).doesNotContain(NODE);
        assertThat(approx.schema()).isEqualTo(exact.schema());
        List<String> rows = texts(approx);
        assertThat(rows).isEqualTo(interpreted(() -> texts(exact)));
        return rows;
    }

    /** Compiling takes longer than comparing a few vectors. */
    private <T> T interpreted(Supplier<T> work) {
        spark.conf().set(WHOLE_STAGE, false);
        try {
            return work.get();
        } finally {
            spark.conf().unset(WHOLE_STAGE);
        }
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "l2, DISTANCE, vector_l2_distance",
        "cosine, SIMILARITY, vector_cosine_similarity",
        "ip, SIMILARITY, vector_inner_product"
    })
    void joins_find_what_brute_force_finds(String metric, String direction, String function) {
        createTable(metric, "id", "vector", "concat('name ', id) as name");
        String join = " JOIN t APPROX NEAREST 5 BY " + direction + " ";
        assertThat(
                        sameAsExact(
                                "SELECT qid, t.id, name FROM q"
                                        + join
                                        + function
                                        + "(qv, t.vector)"))
                .hasSize(QUERIES * 5);
        sameAsExact("SELECT * FROM q INNER" + join + function + "(t.vector, q.qv)");
        sameAsExact("SELECT id FROM q LEFT OUTER" + join + function + "(q.qv, vector)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Projections, names and filters of the left side.
                "SELECT t.name AS n, qid + 1 AS x FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, t.vector)",
                "SELECT a.qid, b.id FROM (SELECT * FROM q WHERE part = 1) a JOIN t b APPROX"
                        + " NEAREST 3 BY DISTANCE vector_l2_distance(a.qv, b.vector)",
                "SELECT count(*), sum(id) FROM q JOIN t APPROX NEAREST 7 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST BY DISTANCE"
                        + " vector_l2_distance(qv, vector)",
                // The distance as a column, and a condition on what was found.
                "SELECT qid, id, vector_l2_distance(qv, vector) AS d FROM q JOIN t APPROX NEAREST"
                        + " 4 BY DISTANCE vector_l2_distance(qv, vector) WHERE name > 'name 3'",
                // Columns of the queries with the names of those of the table.
                "SELECT a.*, b.id FROM (SELECT qid AS id, qv AS vector, part FROM q) a JOIN t b"
                        + " APPROX NEAREST 4 BY DISTANCE vector_l2_distance(a.vector, b.vector)",
                "SELECT b.name, vector_l2_distance(a.vector, b.vector) AS d, a.id FROM (SELECT qid"
                        + " AS id, qv AS vector FROM q) a JOIN t b APPROX NEAREST 4 BY DISTANCE"
                        + " vector_l2_distance(a.vector, b.vector)",
                "SELECT a.vector FROM (SELECT qid AS id, qv AS vector FROM q) a JOIN (SELECT * FROM"
                        + " t WHERE id % 2 = 0) b APPROX NEAREST 4 BY DISTANCE"
                        + " vector_l2_distance(a.vector, b.vector)",
                // A computed query.
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 2 BY DISTANCE"
                        + " vector_l2_distance(transform(qv, x -> x * float(2)), t.vector)",
                // Columns of the right side renamed, computed, left out.
                "SELECT qid, n, w FROM q JOIN (SELECT vector AS w, upper(name) AS n FROM t) u"
                        + " APPROX NEAREST 4 BY DISTANCE vector_l2_distance(qv, u.w)",
                "WITH u AS (SELECT vector, id * 2 AS id FROM t) SELECT qid, u.id FROM q JOIN u"
                        + " APPROX NEAREST 4 BY DISTANCE vector_l2_distance(qv, u.vector)",
                // The table with itself; the result with itself.
                "SELECT a.id, b.id AS other FROM (SELECT * FROM t WHERE id < 20) a JOIN t b APPROX"
                        + " NEAREST 3 BY DISTANCE vector_l2_distance(a.vector, b.vector)",
                "WITH r AS (SELECT qid, id FROM q JOIN t APPROX NEAREST 2 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)) SELECT a.qid, b.qid AS other FROM r a"
                        + " JOIN r b ON a.id = b.id",
                "SELECT * FROM q WHERE qid IN (SELECT qid FROM q JOIN t APPROX NEAREST 1 BY"
                        + " DISTANCE vector_l2_distance(qv, vector) WHERE id % 2 = 0)",
            })
    void queries_of_many_forms_run_on_the_index(String sql) {
        createTable("l2", "id", "vector", "concat('name ', id) as name");
        sameAsExact(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id % 2 = 0) APPROX NEAREST 3 BY"
                        + " DISTANCE vector_l2_distance(qv, vector)",
                "SELECT * FROM q LEFT JOIN (SELECT id, vector FROM t WHERE name < 'name 2') u"
                        + " APPROX NEAREST 4 BY DISTANCE vector_l2_distance(qv, u.vector)",
                // Filters above, below and between projections; names that were made there.
                "SELECT qid, n FROM q JOIN (SELECT * FROM (SELECT vector AS w, upper(name) AS n"
                        + " FROM t WHERE id > 30) WHERE n LIKE '%7') u APPROX NEAREST 4 BY"
                        + " DISTANCE vector_l2_distance(qv, u.w)",
                "WITH u AS (SELECT vector, id * 2 AS id FROM t WHERE id % 3 = 1) SELECT qid, u.id"
                        + " FROM q JOIN u APPROX NEAREST 4 BY DISTANCE vector_l2_distance(qv,"
                        + " u.vector)",
                // Fewer rows than neighbours; none.
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id IN (7, 8)) APPROX NEAREST 3"
                        + " BY DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id < 0) APPROX NEAREST 3 BY"
                        + " DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q LEFT JOIN (SELECT * FROM t WHERE id < 0) APPROX NEAREST 3"
                        + " BY DISTANCE vector_l2_distance(qv, vector)",
                // Nulls, other tables, and filters on what was found.
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE nullif(id % 4, 1) IS NOT NULL)"
                        + " APPROX NEAREST 3 BY DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id IN (SELECT 3 * qid FROM q))"
                        + " APPROX NEAREST 3 BY DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id > (SELECT max(qid) FROM q))"
                        + " APPROX NEAREST 3 BY DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id % 2 = 0) APPROX NEAREST 3 BY"
                        + " DISTANCE vector_l2_distance(qv, vector) WHERE id % 3 = 0",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 5 BY DISTANCE vector_l2_distance(qv,"
                        + " vector) WHERE nullif(name, 'name 7') IS NOT NULL",
                // The table with itself; the result with itself.
                "SELECT a.id, b.id AS other FROM (SELECT * FROM t WHERE id < 20) a JOIN (SELECT *"
                        + " FROM t WHERE id >= 20) b APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(a.vector, b.vector)",
                "WITH r AS (SELECT qid, id FROM q JOIN (SELECT * FROM t WHERE id % 2 = 1) APPROX"
                        + " NEAREST 2 BY DISTANCE vector_l2_distance(qv, vector)) SELECT a.qid,"
                        + " b.qid AS other FROM r a JOIN r b ON a.id = b.id",
            })
    void filters_of_the_right_side_say_what_may_be_found(String sql) {
        createTable("l2", "id", "vector", "concat('name ', id) as name");
        sameAsExact(sql);
        assertThat(plan(spark.sql(sql))).contains(sql.contains("FROM q JOIN t ") ? NODE : "among=");
    }

    @Test
    void a_filtered_view_joins_as_a_data_frame_does() {
        createTable("cosine", "id", "vector");
        spark.sql("CREATE OR REPLACE TEMP VIEW some AS SELECT * FROM t WHERE id BETWEEN 50 AND 99");
        String sql =
                "SELECT qid, id FROM q JOIN some APPROX NEAREST 3 BY SIMILARITY"
                        + " vector_cosine_similarity(qv, vector)";
        assertThat(sameAsExact(sql)).hasSize(3 * QUERIES);
        Dataset<Row> rows =
                spark.table("q")
                        .nearestByJoin(
                                spark.table("t").where("id between 50 and 99"),
                                functions.expr("vector_cosine_similarity(qv, vector)"),
                                3,
                                "approx",
                                "similarity");
        assertThat(plan(rows)).contains(NODE);
        assertThat(texts(rows.select("qid", "id"))).isEqualTo(texts(spark.sql(sql)));
        assertThat(rows.as("a").join(rows.as("b"), "qid").count()).isEqualTo(QUERIES * 9);
        Dataset<Row> random =
                spark.sql(sql.replace("some", "(SELECT * FROM t WHERE rand() < 0.5)"));
        assertThat(plan(random)).doesNotContain(NODE);
        Dataset<Row> any =
                spark.sql(
                        sql.replace(
                                "some",
                                "(SELECT * FROM t WHERE id IN (SELECT id FROM t LIMIT 9))"));
        assertThat(plan(any)).doesNotContain(NODE);
    }

    @Test
    void queries_without_a_vector_have_no_neighbours() {
        createTable("cosine", "id", "vector");
        spark.table("q")
                .selectExpr(
                        "qid",
                        "case when qid = 3 then null when qid = 4 then transform(qv, x -> 0f) when"
                            + " qid = 5 then transform(qv, (x, i) -> if(i = 1, null, x)) else qv"
                            + " end as qv",
                        "map(qid, 'x') as m")
                .createOrReplaceTempView("q");
        String join = " JOIN t APPROX NEAREST 2 BY SIMILARITY vector_cosine_similarity(qv, vector)";
        assertThat(sameAsExact("SELECT qid, id FROM q" + join)).hasSize(2 * (QUERIES - 3));
        assertThat(sameAsExact("SELECT qid, m[qid], id FROM q LEFT OUTER" + join))
                .hasSize(2 * (QUERIES - 3) + 3)
                .contains("[3,x,null]", "[4,x,null]", "[5,x,null]");
    }

    @Test
    void a_registered_index_answers_for_its_table_until_that_changes() {
        Dataset<Row> base = table("elsewhere", ROWS, 1);
        String index = folder.resolve("registered").toString();
        SpannBuild.run(
                spark,
                InputSpec.of(folder.resolve("elsewhere").toString()),
                index,
                BuildOptions.of(Metric.L2).withShards(2).withCalibrationQueries(0),
                BuildMode.ERROR,
                (stage, seconds) -> {});
        String files = folder.resolve("elsewhere").toString();
        spark.sql("CREATE TABLE t USING parquet LOCATION '" + files + "'");
        String sql =
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)";
        assertThat(plan(spark.sql(sql))).doesNotContain(NODE);
        spark.sql("CREATE VIEW part AS SELECT * FROM t WHERE id >= -9");
        spark.sql("CREATE VIEW other AS SELECT id, transform(vector, x -> x) AS vector FROM t");
        for (String view : List.of("part", "other")) {
            assertThatThrownBy(() -> SpannIndexes.register(spark, view, "vector", index))
                    .hasMessageContaining("or is a view of some of it");
            spark.sql("DROP VIEW " + view);
        }
        spark.sql("CREATE VIEW same AS SELECT * FROM t");
        SpannIndexes.register(spark, "same", "vector", index);
        spark.sql("DROP VIEW same");
        assertThat(sameAsExact(sql)).hasSize(3 * QUERIES);
        spark.conf().unset(SpannIndexes.INDEXES_KEY);
        assertThat(plan(spark.sql(sql))).doesNotContain(NODE);
        SpannIndexes.use(spark, index);
        assertThat(plan(spark.sql(sql))).contains(NODE + " k=3").contains("snapshot=2");
        base.where("id = 1")
                .selectExpr("-id as id", "vector")
                .write()
                .mode("append")
                .parquet(files);
        spark.sql("REFRESH TABLE t");
        assertThat(plan(spark.sql(sql))).doesNotContain(NODE);
        assertThatThrownBy(() -> SpannIndexes.register(spark, files, "vector", index))
                .hasMessageEndingWith(
                        "has 501 rows, but the index was built from 500; build it anew");
        String others = folder.resolve("others").toString();
        table("others", ROWS, 7);
        assertThatThrownBy(() -> SpannIndexes.register(spark, others, "vector", index))
                .hasMessageContaining("of 20 of its vectors, the table has 0 at their ids");
        assertThatThrownBy(() -> SpannIndexes.register(spark, files, "v", index))
                .hasMessageContaining("no column 'v'; it has id, vector");
    }

    @Test
    void an_index_is_registered_for_the_columns_that_it_was_built_from() {
        Dataset<Row> base = table("elsewhere", ROWS, 1);
        String files = folder.resolve("columns").toString();
        base.selectExpr(
                        "id",
                        "id + 1 as next",
                        "cast(id as string) as text",
                        "vector",
                        "reverse(vector) as other")
                .write()
                .parquet(files);
        String index = folder.resolve("registered").toString();
        SpannBuild.run(
                spark,
                InputSpec.of(files),
                index,
                BuildOptions.of(Metric.L2).withShards(2).withCalibrationQueries(0),
                BuildMode.ERROR,
                (stage, seconds) -> {});
        assertThatThrownBy(() -> SpannIndexes.register(spark, files, "next", "vector", index))
                .hasMessageContaining("is none of this table and these columns");
        assertThatThrownBy(() -> SpannIndexes.register(spark, files, "text", "vector", index))
                .hasMessageContaining("ids of the index are numbers, the column text is of type");
        assertThatThrownBy(() -> SpannIndexes.register(spark, files, "other", index))
                .hasMessageContaining("of 20 of its vectors, the table has ");
        SpannIndexes.register(spark, files, "vector", index);
        // What is of no use there does not stand in the way.
        SpannIndexes.use(spark, folder.resolve("nothing").toString());
        String sql =
                "SELECT qid, t.id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, t.vector)";
        spark.sql(
                "CREATE TABLE t (ID BIGINT, VECTOR ARRAY<FLOAT>) USING parquet LOCATION '"
                        + files
                        + "'");
        assertThat(sameAsExact(sql)).hasSize(3 * QUERIES);
        spark.sql("DROP TABLE t");
        spark.sql("CREATE TABLE t (vector ARRAY<FLOAT>) USING parquet LOCATION '" + files + "'");
        assertThat(plan(spark.sql(sql.replace("t.id", "1")))).doesNotContain(NODE);
    }

    @Test
    void settings_of_the_session_hold_in_views() {
        createTable("l2", "id", "vector");
        spark.table("q").write().saveAsTable("stored");
        spark.sql(
                "CREATE VIEW near AS SELECT qid, id FROM stored JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)");
        spark.conf().set(NearestByRule.PROBES_KEY, 77);
        assertThat(explain("SELECT * FROM near")).contains("probes=77");
        spark.sql("DROP VIEW near");
        spark.sql("DROP TABLE stored");
    }

    @Test
    void of_the_queries_no_more_is_read_than_wanted() {
        createTable("l2", "id", "vector");
        spark.table("q")
                .selectExpr("qid", "qv", "repeat('x', 1000) as wide", "map(1, 2) as m")
                .write()
                .saveAsTable("stored");
        String sql =
                "SELECT %s id FROM stored JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)";
        assertThat(plan(spark.sql(sql.formatted("qid,"))))
                .contains("ReadSchema: struct<qid:bigint,qv:array<float>>");
        sameAsExact(sql.formatted("qid, wide, m[1],"));
        spark.sql("DROP TABLE stored");
    }

    @Test
    void an_index_answers_for_a_version_of_a_table_that_has_some() {
        table("elsewhere", ROWS, 1);
        String files = folder.resolve("elsewhere").toString();
        String index = folder.resolve("registered").toString();
        SpannBuild.run(
                spark,
                InputSpec.of(files),
                index,
                BuildOptions.of(Metric.L2).withShards(2).withCalibrationQueries(0),
                BuildMode.ERROR,
                (stage, seconds) -> {});
        String sql =
                "SELECT qid, id FROM q JOIN some APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)";
        version("7", files);
        SpannIndexes.register(spark, "some", "vector", index);
        assertThat(sameAsExact(sql)).hasSize(3 * QUERIES);
        version("8", files);
        assertThat(plan(spark.sql(sql))).doesNotContain(NODE);
        version(null, files);
        assertThat(plan(spark.sql(sql))).doesNotContain(NODE);
        assertThatThrownBy(() -> SpannIndexes.register(spark, "some", "vector", index))
                .hasMessageContaining("some: is neither one table of files nor one with versions");
    }

    private void version(String version, String files) {
        DataFrameReader reader =
                spark.read().format(VersionedSource.class.getName()).option("path", files);
        (version == null ? reader : reader.option("version", version))
                .load()
                .createOrReplaceTempView("some");
    }

    @ParameterizedTest
    @ValueSource(strings = {"smallint", "int", "bigint", "string"})
    void ids_may_have_any_type(String type) {
        createTable("l2", "cast(id as " + type + ") as id", "cast(vector as array<double>) as v");
        sameAsExact(
                "SELECT qid, t.id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, cast(v as array<float>))");
    }

    @Test
    void data_frames_join_as_sql_does() {
        createTable("l2", "id", "vector");
        Dataset<Row> rows =
                spark.table("q")
                        .nearestByJoin(
                                spark.table("t"),
                                functions.expr("vector_l2_distance(qv, vector)"),
                                3,
                                "approx",
                                "distance");
        assertThat(plan(rows)).contains(NODE);
        assertThat(rows.count()).isEqualTo(QUERIES * 3);
        assertThat(rows.as("a").join(rows.as("b"), "qid").count()).isEqualTo(QUERIES * 9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 3 BY SIMILARITY"
                        + " vector_inner_product(qv, vector)",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, transform(vector, x -> float(x + 1)))",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector) + 1",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 3 BY SIMILARITY"
                        + " vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE abs(qid - id)",
                "SELECT qid, id FROM q JOIN (SELECT * FROM t LIMIT 100000) APPROX NEAREST 3 BY"
                        + " DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN (SELECT * FROM t UNION ALL SELECT * FROM t) APPROX"
                        + " NEAREST 3 BY DISTANCE vector_l2_distance(qv, vector)",
                "SELECT qid, id FROM q JOIN t APPROX NEAREST 20000 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)"
            })
    void joins_that_the_index_cannot_answer_are_left_to_spark(String sql) {
        createTable("l2", "id", "vector");
        Dataset<Row> rows = spark.sql(sql);
        assertThat(plan(rows)).doesNotContain(NODE);
        assertThat(texts(rows)).isEqualTo(texts(spark.sql(sql.replace("APPROX", "EXACT"))));
    }

    @Test
    void a_plan_says_what_is_read() {
        createTable("l2", "id", "vector");
        String sql =
                "SELECT id FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector)";
        String index = INDEXES.get("l2[id, vector]");
        assertThat(explain(sql))
                .containsPattern(
                        NODE
                                + " k=3, metric=l2, probes=100000, index=\\S*"
                                + java.util.regex.Pattern.quote(index)
                                + ", snapshot=1");
        spark.conf().unset(NearestByRule.PROBES_KEY);
        assertThat(explain(sql))
                .containsPattern(NODE + " k=3, metric=l2, recallTarget=0.95, probes=");
        spark.conf().set(NearestByRule.RECALL_TARGET_KEY, "0.9");
        assertThat(explain(sql)).contains("recallTarget=0.9, ");
        spark.conf().set(NearestByRule.RECALL_TARGET_KEY, "much");
        assertThat(explain(sql)).doesNotContain(NODE);
    }

    private String explain(String sql) {
        return spark.sql("EXPLAIN EXTENDED " + sql).first().getString(0);
    }

    @Test
    void little_of_the_table_is_read_and_adaptive_plans_work() {
        createTable("l2", "id", "vector", "repeat('x', 1000) as wide");
        Map<String, String> settings =
                Map.of("spark.sql.adaptive.enabled", "false", "spark.sql.shuffle.partitions", "3");
        String sql =
                "SELECT part, count(DISTINCT id) FROM q JOIN t APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector) GROUP BY part";
        List<String> adaptive = sameAsExact(sql);
        assertThat(Builds.with(spark, settings, () -> sameAsExact(sql))).isEqualTo(adaptive);
        // The index knows the ids.
        assertThat(plan(spark.sql(sql))).contains(NODE).doesNotContain("Scan spann table");
        String some = sql.replace("DISTINCT id", "DISTINCT id, length(wide)");
        assertThat(plan(spark.sql(some))).contains("ReadSchema: struct<id:bigint,wide:string>");
        sameAsExact(sql.replace(" GROUP BY", " WHERE id % 2 = 0 GROUP BY"));
        sameAsExact(sql.replace("q JOIN", "q LEFT JOIN"));
        sameAsExact(
                "SELECT qid, a.id FROM q JOIN t a APPROX NEAREST 3 BY DISTANCE"
                        + " vector_l2_distance(qv, vector) JOIN t b ON a.id = b.id + 1");
    }

    @Test
    void stages_are_named_and_the_jobs_of_the_session_are_not() throws Exception {
        createTable("l2", "id", "vector");
        SparkContext context = spark.sparkContext();
        String sql =
                "SELECT qid, t.id FROM q JOIN t APPROX NEAREST 3"
                        + " BY DISTANCE vector_l2_distance(q.qv, t.vector)";
        ShownStages shown =
                ShownStages.of(context, () -> spark.sql(sql).foreachPartition(rows -> {}));
        assertThat(shown.stages())
                .containsSubsequence("spann join: queries", "spann join 1/2: group");
        assertThat(context.getLocalProperty("spark.job.description")).isNull();
        assertThat(context.getLocalProperty("callSite.short")).isNull();
    }
}
