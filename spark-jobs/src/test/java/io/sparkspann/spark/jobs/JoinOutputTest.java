package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs that share one folder, fail, or end half-way. */
@ExtendWith(SharedSpark.class)
class JoinOutputTest {
    /** Tasks run in this JVM. */
    private static final Semaphore BEGUN = new Semaphore(0);

    private static final Semaphore GO_ON = new Semaphore(0);

    @TempDir Path parent;

    private final SparkSession spark;
    private final Configuration conf;
    private Path folder;

    JoinOutputTest(SparkSession spark) {
        this.spark = spark;
        this.conf = spark.sparkContext().hadoopConfiguration();
    }

    @BeforeEach
    void place() {
        folder = parent.resolve("pairs");
    }

    @AfterEach
    void mend() {
        conf.unset(FaultyFileSystem.FAULT);
    }

    private JoinOutput output(boolean overwrite) throws IOException {
        return JoinOutput.of(conf, folder.toString(), overwrite);
    }

    private JoinOutput faulty(String fault) throws IOException {
        FaultyFileSystem.with(conf, fault);
        return JoinOutput.of(conf, "faulty://" + folder, true);
    }

    private Dataset<Row> rows(long count) {
        return spark.range(count).toDF();
    }

    private Dataset<Row> failing() {
        MapFunction<Long, Long> work =
                row -> {
                    throw new IOException("Connection reset by peer");
                };
        return spark.range(10).map(work, Encoders.LONG()).toDF();
    }

    private long written() {
        return spark.read().parquet(folder.toString()).count();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** The hidden folder that a message names, which must hold this many rows. */
    private void requireComplete(String message, long rows) {
        String named = message.substring(message.lastIndexOf(' ') + 1);
        assertThat(named).contains("/.pairs.");
        assertThat(spark.read().parquet(named).count()).isEqualTo(rows);
    }

    /** Begins to write, in a thread of its own, and fails when {@link #GO_ON} has a permit. */
    private CompletableFuture<Throwable> hang(JoinOutput output) throws Exception {
        MapFunction<Long, Long> work =
                row -> {
                    BEGUN.release();
                    GO_ON.acquire();
                    throw new IOException("Connection reset by peer");
                };
        Dataset<Row> rows = spark.range(0, 1, 1, 1).map(work, Encoders.LONG()).toDF();
        CompletableFuture<Throwable> failure =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> output.write(rows)));
        assertThat(BEGUN.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        return failure;
    }

    @Test
    void a_job_that_fails_leaves_the_result_of_another() throws Exception {
        CompletableFuture<Throwable> first = hang(output(false));
        output(true).write(rows(20));
        GO_ON.release();
        assertThat(first.get(60, TimeUnit.SECONDS)).isInstanceOf(StorageException.class);
        assertThat(written()).isEqualTo(20);
        assertThat(names(parent)).containsExactly("pairs");
    }

    @Test
    void a_job_that_is_interrupted_leaves_the_result_of_another() throws Exception {
        JoinOutput interrupted = output(false);
        CompletableFuture<Throwable> first = hang(interrupted);
        output(true).write(rows(20));
        assertThat(interrupted.interrupted())
                .isEqualTo("interrupted; nothing was written to " + folder);
        GO_ON.release();
        assertThat(first.get(60, TimeUnit.SECONDS)).isNotNull();
        interrupted.cleanUp();
        assertThat(written()).isEqualTo(20);
        assertThat(names(parent)).containsExactly("pairs");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void of_two_jobs_the_later_one_fails_and_keeps_its_result_aside(boolean replace)
            throws Exception {
        if (replace) {
            output(false).write(rows(5));
        }
        JoinOutput first = output(replace);
        JoinOutput second = output(replace);
        second.write(rows(20));
        Throwable failure = catchThrowable(() -> first.write(rows(30)));
        assertThat(failure)
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith(
                        folder
                                + ": the complete result could not take its place: another job has"
                                + " written there meanwhile; use or delete it: it is in ");
        requireComplete(failure.getMessage(), 30);
        first.cleanUp();
        requireComplete(failure.getMessage(), 30);
        assertThat(written()).isEqualTo(20);
    }

    @Test
    void a_former_result_that_has_changed_is_not_replaced() throws Exception {
        output(false).write(rows(5));
        JoinOutput output = output(true);
        rows(7).write().mode("append").parquet(folder.toString());
        assertThatThrownBy(() -> output.write(rows(20))).hasMessageContaining("another job");
        assertThat(written()).isEqualTo(12);
    }

    @Test
    void what_another_job_writes_after_the_last_look_stays() throws Exception {
        output(false).write(rows(5));
        JoinOutput output = faulty(FaultyFileSystem.RACE);
        Throwable failure = catchThrowable(() -> output.write(rows(20)));
        assertThat(failure).isInstanceOf(StorageException.class);
        requireComplete(failure.getMessage(), 20);
        assertThat(folder.resolve("part-of-another")).exists();
    }

    @Test
    void success_comes_last_where_renaming_copies() throws Exception {
        JoinOutput output = faulty(FaultyFileSystem.COPIES);
        assertThatThrownBy(() -> output.write(rows(20)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(
                        "could not take its place: Connection reset; move there what is still in"
                                + " faulty:");
        assertThat(names(folder)).hasSize(1).doesNotContain("_SUCCESS");
    }

    @Test
    void the_sign_of_a_complete_result_is_that_of_spark() throws Exception {
        String key = "mapreduce.fileoutputcommitter.marksuccessfuljobs";
        output(false).write(rows(5));
        assertThat(names(folder)).contains("_SUCCESS");
        conf.set(key, "false");
        try {
            output(true).write(rows(6));
        } finally {
            conf.unset(key);
        }
        assertThat(names(folder)).doesNotContain("_SUCCESS");
        assertThat(written()).isEqualTo(6);
    }

    @Test
    void an_output_that_is_full_is_named() throws Exception {
        JoinOutput output = faulty(FaultyFileSystem.FULL);
        assertThatThrownBy(() -> output.write(rows(20)))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        "faulty://"
                                + folder
                                + ": cannot be written: No space left on device; make room there,"
                                + " or use another folder");
        assertThat(names(parent)).isEmpty();
    }

    @Test
    void another_failure_is_not_one_of_the_output() throws Exception {
        JoinOutput output = output(false);
        assertThatThrownBy(() -> output.write(failing()))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        "the join failed, nothing was written to "
                                + folder
                                + ": Connection reset by peer; run again with --debug for the"
                                + " details");
    }

    @Test
    void what_dead_jobs_left_is_listed() throws Exception {
        String id = "0e9f3f0e-5d4c-4f4f-8a3b-0a1b2c3d4e5f";
        Path left = Files.createDirectory(parent.resolve(".pairs." + id));
        Files.createDirectory(parent.resolve(".pairs.2." + id));
        Files.createDirectory(parent.resolve(".pairs.notes"));
        assertThat(output(false).leftovers()).containsExactly("file:" + left);
    }
}
