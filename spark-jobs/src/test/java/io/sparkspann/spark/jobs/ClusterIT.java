package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What works in one JVM works across JVMs, and gives the same bytes and rows. */
@ExtendWith(SharedSpark.class)
class ClusterIT {
    private static final int ROWS = 30_000;
    private static final List<String> DYNAMIC =
            List.of(
                    "spark.dynamicAllocation.enabled=true",
                    "spark.dynamicAllocation.shuffleTracking.enabled=true",
                    "spark.dynamicAllocation.minExecutors=1",
                    "spark.dynamicAllocation.executorIdleTimeout=5s");

    @TempDir static Path folder;

    private static SubmittedJob job;
    private static String base;
    private static String queries;
    private static Map<String, byte[]> expectedFiles;
    private static List<String> expectedRows;

    @BeforeAll
    static void buildHere() throws IOException {
        SparkSession spark = SharedSpark.session();
        job = SubmittedJob.in(folder);
        VectorSamples.Table table = VectorSamples.Table.ofLongs(6, 4);
        base =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("base"),
                        VectorSamples.clustered(ROWS, 24, 30, 1),
                        table);
        queries =
                VectorSamples.parquet(
                        spark,
                        folder.resolve("queries"),
                        VectorSamples.clustered(4000, 24, 30, 2),
                        VectorSamples.Table.ofLongs(3, 5));
        Path index = folder.resolve("expected");
        SpannBuild.run(
                spark,
                InputSpec.of(base),
                index.toUri().toString(),
                BuildOptions.of(Metric.L2).withShards(4).withCalibrationQueries(300),
                BuildMode.ERROR,
                (stage, seconds) -> {});
        expectedFiles = files(index);
        expectedRows = texts(KnnJoin.of(spark, index.toString()).join(InputSpec.of(queries)));
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private static Map<String, byte[]> files(Path index) throws IOException {
        Manifest manifest = new Snapshots(LocalStorage.of(index)).requireCurrent();
        Map<String, byte[]> files = new TreeMap<>();
        files.put("router", Files.readAllBytes(index.resolve(manifest.router().path())));
        for (var shard : manifest.shards()) {
            for (var file : shard.files().values()) {
                Path path = index.resolve(file.path());
                files.put(shard.shard() + file.kind().label(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    private void build(
            String name, List<String> settings, Consumer<SubmittedJob.SubmittedLine> watcher)
            throws Exception {
        Path index = folder.resolve(name);
        SubmittedJob.Outcome outcome =
                job.run(
                        settings,
                        watcher,
                        "build",
                        "--input",
                        base,
                        "--index",
                        index.toUri().toString(),
                        "--shards",
                        "4",
                        "--calibration-queries",
                        "300");
        assertThat(outcome.exit()).as("%s", outcome.lines()).isZero();
        Map<String, byte[]> files = files(index);
        assertThat(files.keySet()).isEqualTo(expectedFiles.keySet());
        for (String file : files.keySet()) {
            assertThat(Arrays.equals(files.get(file), expectedFiles.get(file))).as(file).isTrue();
        }
    }

    private void join(
            String name, List<String> settings, Consumer<SubmittedJob.SubmittedLine> watcher)
            throws Exception {
        String output = folder.resolve(name).toUri().toString();
        SubmittedJob.Outcome outcome =
                job.run(
                        settings,
                        watcher,
                        "join",
                        "--index",
                        folder.resolve("expected").toUri().toString(),
                        "--queries",
                        queries,
                        "--output",
                        output);
        assertThat(outcome.exit()).as("%s", outcome.lines()).isZero();
        assertThat(texts(SharedSpark.session().read().parquet(output))).isEqualTo(expectedRows);
    }

    /** Ends an executor once, when a line with this text comes. */
    private static final class Killer implements Consumer<SubmittedJob.SubmittedLine> {
        private final String text;
        private final AtomicBoolean killed = new AtomicBoolean();

        Killer(String text) {
            this.text = text;
        }

        @Override
        public void accept(SubmittedJob.SubmittedLine line) {
            if (line.text().contains(text) && !killed.get()) {
                killed.set(line.killExecutor());
            }
        }
    }

    @Test
    void a_build_makes_the_same_bytes() throws Exception {
        build("plain", List.of(), line -> {});
    }

    @Test
    void a_build_that_loses_an_executor_makes_the_same_bytes() throws Exception {
        Killer killer = new Killer("stage 2-route done");
        build("killed", DYNAMIC, killer);
        assertThat(killer.killed).isTrue();
    }

    @Test
    void a_join_finds_the_same_rows() throws Exception {
        join("joined", DYNAMIC, line -> {});
    }

    @Test
    void a_join_that_loses_an_executor_finds_the_same_rows() throws Exception {
        // Shards are scanned apart, so that there are shuffles to lose.
        Killer killer = new Killer("stage 1");
        join("joined-killed", List.of("spark.spann.join.treeBytes=1"), killer);
        assertThat(killer.killed).isTrue();
    }
}
