package io.sparkspann.spark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.SpannException;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteRange;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Indexes in an object store. */
@ExtendWith(SharedSpark.class)
class S3Test {
    private static final int ROWS = 3000;

    @TempDir static Path folder;

    private static S3Emulator emulator;

    private final SparkSession spark;

    S3Test(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        emulator = S3Emulator.start(folder.resolve("s3"), "bucket");
        emulator.configure(conf());
    }

    @AfterAll
    static void stop() throws IOException {
        FileSystem.get(URI.create("s3a://bucket/"), conf()).close();
        emulator.close();
    }

    private static Configuration conf() {
        return SharedSpark.session().sparkContext().hadoopConfiguration();
    }

    private static Storage storage(String uri) {
        return Storages.open(uri, conf());
    }

    /** Requests that S3A has made so far, by kind. */
    private static Map<String, Long> requests() {
        try {
            FileSystem fileSystem = FileSystem.get(URI.create("s3a://bucket/"), conf());
            return new TreeMap<>(
                    ((IOStatisticsSource) fileSystem).getIOStatistics().counters());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long since(Map<String, Long> before, String kind) {
        return requests().getOrDefault(kind, 0L) - before.getOrDefault(kind, 0L);
    }

    private Dataset<Row> rows(String name) {
        VectorBlock vectors = VectorSamples.clustered(ROWS, 8, 6, 1);
        VectorSamples.Table table = VectorSamples.Table.ofLongs(3, 4);
        return spark.read()
                .parquet(VectorSamples.parquet(spark, folder.resolve(name), vectors, table))
                .selectExpr("id", "vector", "concat('name ', id) as name");
    }

    private static List<String> damages(String uri) {
        List<String> lines = new ArrayList<>();
        IndexVerifier.verify(storage(uri), lines::add);
        return lines;
    }

    private Manifest build(String input, String index, BuildMode mode) {
        return SpannBuild.run(
                        spark,
                        InputSpec.of(input),
                        index,
                        BuildOptions.of(Metric.L2).withShards(3).withCalibrationQueries(100),
                        mode,
                        (stage, seconds) -> {})
                .manifest();
    }

    @Test
    void a_build_and_a_join_neither_rename_nor_list() {
        String input = "s3a://bucket/plain/table";
        rows("plain").write().parquet(input);
        Map<String, Long> before = requests();
        Manifest manifest = build(input, "s3a://bucket/plain/index", BuildMode.ERROR);
        assertThat(manifest.vectors()).isEqualTo(ROWS);
        assertThat(since(before, "op_rename")).isZero();
        assertThat(since(before, "object_copy_requests")).isZero();
        assertThat(damages("s3a://bucket/plain/index")).isEmpty();

        KnnJoin join = KnnJoin.of(spark, "s3a://bucket/plain/index").k(3).recallTarget(0.95);
        Dataset<Row> queries = rows("queries").limit(300).cache();
        Map<String, Long> joining = requests();
        List<Row> found = join.join(queries).select("id", "neighbor_id", "rank").collectAsList();
        System.out.println("requests of a join of 300 queries: " + difference(joining));
        assertThat(since(joining, "object_list_request")).isZero();
        assertThat(since(joining, "op_rename")).isZero();
        assertThat(found).hasSize(900);
        assertThat(found)
                .filteredOn(row -> row.getInt(2) == 1)
                .allMatch(row -> row.getLong(0) == row.getLong(1));

        String local = folder.resolve("local").toUri().toString();
        build(folder.resolve("plain").toUri().toString(), local, BuildMode.ERROR);
        assertThat(texts(KnnJoin.of(spark, local).k(3).recallTarget(0.95).join(queries)))
                .isEqualTo(texts(join.join(queries)));
        queries.unpersist();
    }

    @Test
    void ranges_far_apart_are_one_vectored_read() throws IOException {
        Storage storage = storage("s3a://bucket/ranges");
        byte[] written = new byte[1 << 20];
        new SplittableRandom(5).nextBytes(written);
        try (OutputStream out = storage.create("x.spn")) {
            out.write(written);
        }
        Map<String, Long> before = requests();
        byte[] read = new byte[3000];
        try (ByteSource source = storage.open("x.spn")) {
            List<ByteRange> ranges = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ranges.add(new ByteRange(100 + i * 400_000L, read, i * 1000, 1000));
            }
            source.readFully(ranges);
        }
        for (int i = 0; i < 3; i++) {
            int at = 100 + i * 400_000;
            assertThat(Arrays.copyOfRange(read, i * 1000, (i + 1) * 1000))
                    .isEqualTo(Arrays.copyOfRange(written, at, at + 1000));
        }
        assertThat(since(before, "stream_read_vectored_operations")).isOne();
    }

    private static Map<String, Long> difference(Map<String, Long> before) {
        Map<String, Long> after = requests();
        after.replaceAll((kind, count) -> count - before.getOrDefault(kind, 0L));
        after.values().removeIf(count -> count == 0);
        after.keySet().removeIf(kind -> !kind.matches("(object|op|stream_read_op|action).*"));
        return after;
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void the_data_source_writes_and_reads() {
        String index = "s3a://bucket/source/index";
        Dataset<Row> rows = rows("source").repartition(4);
        Map<String, Long> before = requests();
        rows.write().format("spann").option("shards", 2).save(index);
        assertThat(texts(spark.read().format("spann").load(index))).isEqualTo(texts(rows));
        rows.where("id < 2000")
                .write()
                .format("spann")
                .option("shards", 2)
                .mode(SaveMode.Overwrite)
                .save(index);
        assertThat(spark.read().format("spann").load(index).count()).isEqualTo(2000);
        assertThat(spark.read().format("spann").option("versionAsOf", 1).load(index).count())
                .isEqualTo(ROWS);
        assertThat(damages(index)).isEmpty();
        System.out.println("requests of two writes and three reads: " + difference(before));
        List<String> beside = storage("s3a://bucket/source").list("");
        assertThat(beside).containsExactly("index");
    }

    @Test
    void of_two_writers_one_wins() {
        String input = folder.resolve("contended").toUri().toString();
        rows("contended");
        String index = "s3a://bucket/contended/index";
        Manifest first = build(input, index, BuildMode.ERROR);
        Manifest next =
                first.toBuilder().snapshot(2).created(first.created().plusSeconds(1)).build();
        Manifest other =
                first.toBuilder().snapshot(2).created(first.created().plusSeconds(2)).build();
        new Snapshots(storage(index)).publish(next);
        assertThatThrownBy(() -> new Snapshots(storage(index)).publish(other))
                .isInstanceOf(CommitConflictException.class);
        assertThat(storage(index).putIfAbsent("manifest-000002.json", other.toBytes()))
                .isEqualTo(Storage.Put.EXISTS);
        assertThat(new Snapshots(storage(index)).requireCurrent().created())
                .isEqualTo(next.created());
    }

    /** All that is logged meanwhile, even what nobody would see. */
    private static final class LoggedLines extends AbstractAppender implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger logger = (Logger) LogManager.getLogger("io.sparkspann");
        private final Level former = logger.getLevel();

        LoggedLines() {
            super("lines", null, null, false, Property.EMPTY_ARRAY);
            start();
            logger.addAppender(this);
            Configurator.setAllLevels("io.sparkspann", Level.ALL);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
            for (Throwable t = event.getThrown(); t != null; t = t.getCause()) {
                lines.add(t.toString());
            }
        }

        @Override
        public void close() {
            Configurator.setAllLevels("io.sparkspann", former);
            logger.removeAppender(this);
        }
    }

    @Test
    void nothing_that_is_logged_tells_secrets() {
        String withSecret = "s3a://user:" + S3Emulator.SECRET + "@bucket/logged";
        try (LoggedLines logged = new LoggedLines()) {
            String input = folder.resolve("logged").toUri().toString();
            rows("logged");
            build(input, "s3a://bucket/logged/index", BuildMode.ERROR);
            KnnJoin.of(spark, "s3a://bucket/logged/index")
                    .join(rows("logged-queries").limit(5))
                    .collectAsList();
            assertThatThrownBy(() -> KnnJoin.of(spark, withSecret))
                    .satisfies(
                            error ->
                                    assertThat(String.valueOf(error.getMessage()))
                                            .doesNotContain(S3Emulator.SECRET));
            assertThat(logged.lines)
                    .isNotEmpty()
                    .noneMatch(line -> line.contains(S3Emulator.SECRET));
        }
    }

    @Test
    void damage_and_absence_are_told_without_secrets() {
        String input = folder.resolve("damaged").toUri().toString();
        rows("damaged");
        String index = "s3a://bucket/damaged/index";
        Manifest manifest = build(input, index, BuildMode.ERROR);
        String postings = manifest.shards().get(1).file(FileKind.POSTINGS).path();
        storage(index).delete(postings);
        assertThat(damages(index)).hasSize(1).allMatch(line -> line.contains(postings));
        for (String absent : List.of("s3a://bucket/nothing", "s3a://no-such-bucket/index")) {
            assertThatThrownBy(() -> KnnJoin.of(spark, absent))
                    .isInstanceOf(SpannException.class)
                    .satisfies(
                            error ->
                                    assertThat(String.valueOf(error.getMessage()))
                                            .contains(absent)
                                            .doesNotContain(S3Emulator.SECRET));
        }
    }
}
