package io.sparkspann.spark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.SpannException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.format.Snapshots;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StorageStatistics;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Indexes in HDFS: a name node and a data node in this JVM. */
@ExtendWith(SharedSpark.class)
class HdfsTest {
    private static final int ROWS = 3000;

    @TempDir static Path folder;

    private static MiniDFSCluster cluster;
    private static String root;

    private final SparkSession spark;

    HdfsTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeAll
    static void start() throws IOException {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        cluster.waitActive();
        root = cluster.getURI().toString();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown(true, true);
    }

    private static Configuration conf() {
        return SharedSpark.session().sparkContext().hadoopConfiguration();
    }

    private static Storage storage(String uri) {
        return Storages.open(uri, conf());
    }

    /** Operations of clients so far, by kind. */
    private static Map<String, Long> operations() {
        Map<String, Long> counts = new TreeMap<>();
        StorageStatistics statistics =
                FileSystem.getGlobalStorageStatistics().get("DFSOpsCountStatistics");
        statistics
                .getLongStatistics()
                .forEachRemaining(one -> counts.put(one.getName(), one.getValue()));
        return counts;
    }

    private static Map<String, Long> since(Map<String, Long> before) {
        Map<String, Long> after = operations();
        after.replaceAll((kind, count) -> count - before.getOrDefault(kind, 0L));
        after.values().removeIf(count -> count == 0);
        return after;
    }

    private String table(String name) {
        return VectorSamples.parquet(
                spark,
                folder.resolve(name),
                VectorSamples.clustered(ROWS, 8, 6, 1),
                VectorSamples.Table.ofLongs(3, 4));
    }

    private Manifest build(String input, String index) {
        return SpannBuild.run(
                        spark,
                        InputSpec.of(input),
                        index,
                        BuildOptions.of(Metric.L2).withShards(3).withCalibrationQueries(100),
                        BuildMode.ERROR,
                        (stage, seconds) -> {})
                .manifest();
    }

    private static List<String> damages(String uri) {
        List<String> lines = new ArrayList<>();
        IndexVerifier.verify(storage(uri), lines::add);
        return lines;
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    /** Lengths and checksums of the files of a snapshot, whatever their names. */
    private static List<String> content(Manifest manifest) {
        List<String> files = new ArrayList<>();
        for (ShardEntry shard : manifest.shards()) {
            shard.files().forEach((kind, file) -> files.add(kind + " " + described(file)));
        }
        files.add("router " + described(manifest.router()));
        return files.stream().sorted().toList();
    }

    private static String described(FileEntry file) {
        return file.lengthBytes() + " " + Integer.toHexString(file.crc32c());
    }

    @Test
    void a_build_and_a_join_give_the_same_as_on_the_local_disk() {
        String input = table("plain");
        Map<String, Long> before = operations();
        Manifest manifest = build(input, root + "/plain/index");
        Map<String, Long> building = since(before);
        System.out.println("operations of a build of 3 shards: " + building);
        // Small files are put in their places by another door; data are not moved.
        assertThat(building).doesNotContainKey("op_rename");
        assertThat(damages(root + "/plain/index")).isEmpty();
        String local = folder.resolve("local").toUri().toString();
        assertThat(content(build(input, local))).isEqualTo(content(manifest));

        Dataset<Row> queries = spark.read().parquet(input).limit(300).cache();
        KnnJoin join = KnnJoin.of(spark, root + "/plain/index").k(3).recallTarget(0.95);
        before = operations();
        List<String> found = texts(join.join(queries));
        Map<String, Long> joining = since(before);
        System.out.println("operations of a join of 300 queries: " + joining);
        assertThat(joining).doesNotContainKeys("op_list_status", "op_list_located_status");
        assertThat(joining).doesNotContainKeys("op_rename", "op_delete", "op_create");
        assertThat(found)
                .hasSize(900)
                .isEqualTo(texts(KnnJoin.of(spark, local).k(3).recallTarget(0.95).join(queries)));
        queries.unpersist();
    }

    @Test
    void the_data_source_writes_and_reads() {
        String index = root + "/source/index";
        Dataset<Row> rows =
                spark.read()
                        .parquet(table("source"))
                        .selectExpr("id", "vector", "concat('name ', id) as name")
                        .repartition(4);
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
        assertThat(storage(root + "/source").list("")).containsExactly("index");
    }

    @Test
    void of_many_writers_one_wins() throws Exception {
        Storage storage = storage(root + "/contended");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int round = 0; round < 5; round++) {
            String name = "manifest-" + round + ".json";
            List<Callable<Storage.Put>> writers = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                byte[] content = ("writer " + w).getBytes(StandardCharsets.UTF_8);
                writers.add(() -> storage.putIfAbsent(name, content));
            }
            int winners = 0;
            for (Future<Storage.Put> put : threads.invokeAll(writers)) {
                winners += put.get() == Storage.Put.CREATED ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
        threads.shutdown();
        assertThat(storage.list("")).hasSize(5).allMatch(name -> name.startsWith("manifest-"));
        String index = root + "/conflict/index";
        Manifest first = build(table("conflict"), index);
        Manifest next =
                first.toBuilder().snapshot(2).created(first.created().plusSeconds(1)).build();
        Manifest other =
                first.toBuilder().snapshot(2).created(first.created().plusSeconds(2)).build();
        new Snapshots(storage(index)).publish(next);
        assertThatThrownBy(() -> new Snapshots(storage(index)).publish(other))
                .isInstanceOf(CommitConflictException.class);
        assertThat(new Snapshots(storage(index)).requireCurrent().created())
                .isEqualTo(next.created());
    }

    @Test
    void a_missing_permission_is_one_line_with_the_directory() throws Exception {
        String index = root + "/closed/index";
        FileSystem.get(cluster.getURI(), conf())
                .mkdirs(new org.apache.hadoop.fs.Path(root + "/closed"));
        UserGroupInformation other = UserGroupInformation.createRemoteUser("somebody");
        assertThatThrownBy(
                        () ->
                                other.doAs(
                                        (PrivilegedExceptionAction<Storage.Put>)
                                                () ->
                                                        storage(index)
                                                                .putIfAbsent(
                                                                        "manifest-000001.json",
                                                                        new byte[] {1})))
                .satisfies(
                        error -> {
                            Throwable cause = error instanceof SpannException ? error : error.getCause();
                            assertThat(cause).isInstanceOf(SpannException.class);
                            assertThat(cause.getMessage())
                                    .contains("/closed")
                                    .contains("ermission denied")
                                    .doesNotContain("\n");
                        });
    }
}
