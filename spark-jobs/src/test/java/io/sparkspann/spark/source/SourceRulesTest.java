package io.sparkspann.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.storage.LocalStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the data source sees to beyond writing and reading. */
@ExtendWith(SharedSpark.class)
class SourceRulesTest {
    private static final int ROWS = 300;

    @TempDir Path folder;

    private final SparkSession spark;
    private String index;
    private Dataset<Row> table;

    SourceRulesTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void make() {
        index = folder.resolve("index").toString();
        String input =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("table"),
                        VectorSamples.clustered(ROWS, 6, 5, 1),
                        VectorSamples.Table.ofLongs(3, 4));
        table = spark.read().parquet(input);
    }

    @AfterEach
    void drop() {
        spark.sql("DROP TABLE IF EXISTS items");
        spark.sql("DROP VIEW IF EXISTS asked");
    }

    private void write(Dataset<Row> rows, SaveMode mode) {
        rows.write()
                .format("spann")
                .option("shards", 2)
                .option("calibrationQueries", 50)
                .mode(mode)
                .save(index);
    }

    private DataFrameReader reader() {
        return spark.read().format("spann");
    }

    /** Jobs that run meanwhile. */
    private int jobs(Runnable work) throws Exception {
        AtomicInteger jobs = new AtomicInteger();
        SparkListener listener =
                new SparkListener() {
                    @Override
                    public void onJobStart(SparkListenerJobStart job) {
                        jobs.incrementAndGet();
                    }
                };
        spark.sparkContext().addSparkListener(listener);
        try {
            work.run();
            spark.sparkContext().listenerBus().waitUntilEmpty();
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        return jobs.get();
    }

    @Test
    void functions_of_users_are_called_once_for_each_row() {
        LongAccumulator calls = spark.sparkContext().longAccumulator("calls");
        UDF1<Long, String> name =
                id -> {
                    calls.add(1);
                    return "name " + id;
                };
        Dataset<Row> named =
                table.withColumn(
                        "name",
                        functions.udf(name, DataTypes.StringType).apply(functions.col("id")));
        write(named, SaveMode.ErrorIfExists);
        assertThat(calls.value()).isEqualTo(ROWS);
        assertThat(reader().load(index).where("name = concat('name ', id)").count())
                .isEqualTo(ROWS);
    }

    @Test
    void tables_of_the_catalog_follow_an_overwrite() {
        write(table, SaveMode.ErrorIfExists);
        spark.sql("CREATE TABLE items USING spann LOCATION '" + index + "'");
        spark.sql("CACHE TABLE items");
        assertThat(spark.table("items").count()).isEqualTo(ROWS);
        write(table.where("id < 100"), SaveMode.Overwrite);
        assertThat(spark.table("items").count()).isEqualTo(100);
        spark.sql("UNCACHE TABLE items");
    }

    @Test
    void joins_with_payload_run_when_their_rows_are_asked_for() throws Exception {
        write(table.selectExpr("*", "concat('name ', id) as name"), SaveMode.ErrorIfExists);
        table.where("id < 20").createOrReplaceTempView("asked");
        assertThat(
                        jobs(
                                () ->
                                        reader().option("queries", "asked")
                                                .option("payload", "name")
                                                .load(index)
                                                .queryExecution()
                                                .executedPlan()))
                .isZero();
        Dataset<Row> pairs =
                reader().option("queries", "asked")
                        .option("payload", "name")
                        .option("k", 2)
                        .load(index);
        assertThat(pairs.where("neighbor_name = concat('name ', neighbor_id)").count())
                .isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k=5 | option k is of joins, but there is no option queries",
                "payload=name | option payload is of joins",
                "queries=asked,probes=5,recallTarget=0.9 | exclude each other",
                "queries=asked,epsilon=0.5 | option epsilon is of no use without probes",
                "queries=asked,queryIdColumn=id | of no use without excludeSelf",
                "queries=asked,probes=0 | probes is 0; use 1 or more",
                "queries=asked,recallTarget=2 | recall target is 2.0",
                "queries=asked,payload=id | would have a column 'neighbor_id' twice",
                "queries=asked,payload='name,name' | would have a column 'neighbor_name' twice",
                "metric=cosine | option metric is 'cosine', but the index"
            })
    void options_that_make_no_sense_are_refused(String options, String problem) {
        write(table.selectExpr("*", "concat('name ', id) as name"), SaveMode.ErrorIfExists);
        table.where("id < 20").createOrReplaceTempView("asked");
        DataFrameReader reader = reader();
        for (String option : options.split(",(?=[a-zA-Z]+=)")) {
            reader = reader.option(option.split("=")[0], option.split("=")[1].replace("'", ""));
        }
        DataFrameReader asked = reader;
        assertThatThrownBy(() -> asked.load(index)).hasMessageContaining(problem);
    }

    @Test
    void a_lost_file_of_rows_is_an_error_whatever_the_session_says() throws Exception {
        write(table, SaveMode.ErrorIfExists);
        Manifest manifest = new Snapshots(LocalStorage.of(Path.of(index))).requireCurrent();
        Files.delete(Path.of(index, manifest.shards().get(1).file(FileKind.ROWS).path()));
        spark.conf().set("spark.sql.files.ignoreMissingFiles", "true");
        try {
            assertThatThrownBy(() -> reader().load(index).collectAsList())
                    .hasStackTraceContaining("shard-00001-rows");
        } finally {
            spark.conf().unset("spark.sql.files.ignoreMissingFiles");
        }
    }

    @Test
    void columns_that_cannot_be_kept_are_named_before_anything_is_built() {
        assertThatThrownBy(
                        () ->
                                write(
                                        table.selectExpr("*", "make_interval(1, 2) as time"),
                                        SaveMode.ErrorIfExists))
                .hasMessageMatching("(?si).*interval.*");
        assertThat(Path.of(index)).doesNotExist();
    }

    @Test
    void modes_do_what_they_do_elsewhere() {
        write(table, SaveMode.Append);
        assertThat(reader().load(index).count()).isEqualTo(ROWS);
        assertThatThrownBy(() -> write(table, SaveMode.Append))
                .hasMessageContaining("rows cannot be appended to an index yet");
        String bare = folder.resolve("bare").toString();
        Builds.build(
                spark,
                InputSpec.of(folder.resolve("table").toString()),
                Path.of(bare),
                BuildOptions.of(Metric.L2).withCalibrationQueries(0),
                BuildMode.ERROR);
        table.write().format("spann").mode(SaveMode.Ignore).save(bare);
        assertThat(KnnJoin.of(spark, bare).manifest().snapshot()).isEqualTo(1);
        assertThatThrownBy(() -> table.repartition(2).write().format("spann").save("/"))
                .hasMessageContaining("is the root of a file system");
    }

    @Test
    void rows_left_out_must_not_share_the_id_of_others() {
        Dataset<Row> twice =
                table.unionByName(
                        table.where("id = 5")
                                .withColumn(
                                        "vector",
                                        functions.expr("transform(vector, x -> float('NaN'))")));
        assertThatThrownBy(
                        () ->
                                twice.write()
                                        .format("spann")
                                        .option("onBadRow", "skip")
                                        .option("calibrationQueries", 50)
                                        .save(index))
                .hasMessageContaining("or an id occurs twice, once in a row that was left out");
        assertThat(List.of(folder.toFile().list())).doesNotContain("manifest-000001.json");
    }
}
