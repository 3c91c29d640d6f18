package io.sparkspann.spark.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.VectorBlock;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Builds that die, builds that meet, and what readers see of them. */
@ExtendWith(SharedSpark.class)
class ResumeTest {
    /**
     * Not the common pool: a task that waits there would stop Parquet's own reads on small
     * machines.
     */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private static final BuildOptions OPTIONS = Builds.options(3);

    @TempDir Path folder;

    private final SparkSession spark;
    private final VectorBlock vectors = VectorSamples.clustered(1500, 12, 8, 6);
    private String input;
    private Path index;

    ResumeTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void writeTable() {
        input =
                VectorSamples.parquet(
                        spark, folder.resolve("table"), vectors, VectorSamples.Table.ofLongs(2, 3));
        index = folder.resolve("index");
    }

    /** The power goes out. */
    private static final class Blackout extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private RecordingEngine engine(Consumer<String> before) {
        return new RecordingEngine(Builds.engine(spark, input), before);
    }

    private Manifest run(
            RecordingEngine engine, BuildMode mode, IndexBuilder.StageListener listener) {
        return new IndexBuilder(engine, Builds.opener(spark, index), OPTIONS, listener)
                .build(mode)
                .manifest();
    }

    private Manifest build(Path target, BuildMode mode) {
        return Builds.build(spark, input, target, OPTIONS, mode);
    }

    private void die(int stage) {
        List<String> finished = new ArrayList<>();
        IndexBuilder.StageListener listener =
                (name, seconds) -> {
                    finished.add(name);
                    if (finished.size() == stage) {
                        throw new Blackout();
                    }
                };
        assertThatThrownBy(() -> run(engine(s -> {}), BuildMode.ERROR, listener))
                .isInstanceOf(Blackout.class);
    }

    @Test
    void resumes_after_each_stage() {
        List<String> finished = new ArrayList<>();
        RecordingEngine whole = engine(s -> {});
        Path undisturbed = folder.resolve("undisturbed");
        Manifest expected =
                new IndexBuilder(
                                whole,
                                Builds.opener(spark, undisturbed),
                                OPTIONS,
                                (name, seconds) -> finished.add(name))
                        .build(BuildMode.ERROR)
                        .manifest();
        assertThat(finished).hasSize(8);
        for (int stage = 1; stage <= finished.size(); stage++) {
            index = folder.resolve("index-" + stage);
            int last = stage;
            List<String> names = new ArrayList<>();
            RecordingEngine first = engine(s -> {});
            assertThatThrownBy(
                            () ->
                                    run(
                                            first,
                                            BuildMode.ERROR,
                                            (name, seconds) -> {
                                                names.add(name);
                                                if (names.size() == last) {
                                                    throw new Blackout();
                                                }
                                            }))
                    .isInstanceOf(Blackout.class);
            assertThat(new Snapshots(LocalStorage.of(index)).numbers()).isEmpty();
            assertThatThrownBy(() -> build(index, BuildMode.ERROR))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("there is an unfinished build; use --mode resume");

            RecordingEngine rest = engine(s -> {});
            Manifest resumed = run(rest, BuildMode.RESUME, Builds.QUIET);
            List<String> both = new ArrayList<>(first.stages());
            both.addAll(rest.stages());
            assertThat(both).as("stages are run once").isEqualTo(whole.stages());
            assertThat(Builds.files(resumed)).isEqualTo(Builds.files(expected));
            assertThat(resumed.calibration()).isEqualTo(expected.calibration());
            assertThat(Builds.list(index)).isEqualTo(Builds.named(resumed));
        }
    }

    @Test
    void resumes_after_a_stage_that_broke_off() {
        Manifest expected = build(folder.resolve("undisturbed"), BuildMode.ERROR);
        RecordingEngine whole = engine(s -> {});
        index = folder.resolve("whole");
        run(whole, BuildMode.ERROR, Builds.QUIET);
        index = folder.resolve("index");
        int runs = 0;
        // Each run gets one job further than the one before.
        for (int step = 0; step < whole.stages().size(); step++) {
            String broken = whole.stages().get(step);
            RecordingEngine engine =
                    engine(
                            stage -> {
                                if (stage.equals(broken)) {
                                    throw new Blackout();
                                }
                            });
            BuildMode mode = runs++ == 0 ? BuildMode.ERROR : BuildMode.RESUME;
            assertThatThrownBy(() -> run(engine, mode, Builds.QUIET)).isInstanceOf(Blackout.class);
        }
        Manifest resumed = build(index, BuildMode.RESUME);
        assertThat(Builds.files(resumed)).isEqualTo(Builds.files(expected));
        assertThat(Builds.list(index)).isEqualTo(Builds.named(resumed));
    }

    /** Breaks off before a deletion, so in the tidying after the snapshot was published. */
    private record NoMoreDeletes(Storage storage, int[] left) implements Storage {
        @Override
        public String location() {
            return storage.location();
        }

        @Override
        public List<String> list(String path) {
            return storage.list(path);
        }

        @Override
        public boolean exists(String path) {
            return storage.exists(path);
        }

        @Override
        public ByteSource open(String path) {
            return storage.open(path);
        }

        @Override
        public OutputStream create(String path) {
            return storage.create(path);
        }

        @Override
        public Put putIfAbsent(String path, byte[] content) {
            return storage.putIfAbsent(path, content);
        }

        @Override
        public void delete(String path) {
            if (left[0]-- == 0) {
                throw new Blackout();
            }
            storage.delete(path);
        }
    }

    private void dieAfterPublishing(int deletes) {
        Storage failing = new NoMoreDeletes(LocalStorage.of(index), new int[] {deletes});
        IndexBuilder.StorageOpener tasks = Builds.opener(spark, index);
        IndexBuilder.StorageOpener opener =
                () -> org.apache.spark.TaskContext.get() == null ? failing : tasks.open();
        // Not serializable as a whole, so the tasks run here.
        assertThatThrownBy(
                        () ->
                                new IndexBuilder(
                                                new InProcess(input(), vectors),
                                                opener,
                                                OPTIONS,
                                                Builds.QUIET)
                                        .build(BuildMode.ERROR))
                .isInstanceOf(Blackout.class);
        assertThat(new Snapshots(LocalStorage.of(index)).numbers()).containsExactly(1L);
    }

    private io.sparkspann.build.TableShape input() {
        return Builds.engine(spark, input).table();
    }

    @Test
    void a_build_that_died_while_tidying_is_finished_by_resume() {
        for (int deletes = 0; deletes < 4; deletes++) {
            index = folder.resolve("index-" + deletes);
            dieAfterPublishing(deletes);
            Manifest published = new Snapshots(LocalStorage.of(index)).load(1);
            RecordingEngine engine = engine(s -> {});
            Manifest resumed = run(engine, BuildMode.RESUME, Builds.QUIET);
            assertThat(engine.stages()).isEmpty();
            assertThat(resumed.toBytes()).isEqualTo(published.toBytes());
            assertThat(Builds.list(index)).isEqualTo(Builds.named(published));
            search(index);
        }
    }

    @Test
    void overwriting_after_a_death_while_tidying_keeps_the_published_snapshot() {
        dieAfterPublishing(1);
        Manifest published = new Snapshots(LocalStorage.of(index)).load(1);
        Manifest next = build(index, BuildMode.OVERWRITE);
        assertThat(next.snapshot()).isEqualTo(2);
        assertThat(Builds.list(index)).isEqualTo(Builds.named(published, next));
    }

    private void search(Path directory) {
        try (SpannIndex opened = SpannIndex.open(directory)) {
            search(opened);
        }
    }

    private void search(SpannIndex opened) {
        var found =
                opened.searchBatch(
                        vectors.slice(0, 20),
                        SearchOptions.ofProbes(1, 1000, Double.POSITIVE_INFINITY));
        for (int q = 0; q < 20; q++) {
            assertThat(found.id(q, 0)).isEqualTo(q);
        }
    }

    @Test
    void refuses_to_resume_with_another_input_or_other_options() {
        die(4);
        assertThatThrownBy(
                        () ->
                                Builds.build(
                                        spark,
                                        input,
                                        index,
                                        OPTIONS.withSeed(43),
                                        BuildMode.RESUME))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the unfinished build has other options")
                .hasMessageContaining("--mode overwrite");
        VectorSamples.parquet(
                spark, folder.resolve("table"), vectors, VectorSamples.Table.ofLongs(1, 0));
        assertThatThrownBy(() -> build(index, BuildMode.RESUME))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the unfinished build has other input");
    }

    @Test
    void overwrite_discards_what_is_unfinished_and_readers_keep_their_snapshot() {
        Manifest first = build(index, BuildMode.ERROR);
        assertThatThrownBy(() -> build(index, BuildMode.ERROR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is an index already; use --mode overwrite");
        try (SpannIndex reader = SpannIndex.open(index)) {
            RecordingEngine dying =
                    engine(
                            stage -> {
                                if (stage.startsWith("5/7")) {
                                    throw new Blackout();
                                }
                            });
            assertThatThrownBy(() -> run(dying, BuildMode.OVERWRITE, Builds.QUIET))
                    .isInstanceOf(Blackout.class);
            search(index);
            Manifest second = build(index, BuildMode.OVERWRITE);
            assertThat(second.snapshot()).isEqualTo(2);
            assertThat(Builds.files(second)).isEqualTo(Builds.files(first));
            assertThat(Builds.list(index)).isEqualTo(Builds.named(first, second));
            search(reader);
            assertThat(reader.manifest().snapshot()).isEqualTo(1);
            search(index);
        }
    }

    @Test
    void resume_without_an_unfinished_build_begins_one() {
        Manifest first = build(index, BuildMode.RESUME);
        assertThat(first.snapshot()).isEqualTo(1);
        assertThat(Builds.list(index)).isEqualTo(Builds.named(first));
    }

    @Test
    void of_two_builders_that_begin_together_one_builds() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        RecordingEngine slow =
                engine(
                        stage -> {
                            begun.countDown();
                            await(refused);
                        });
        CompletableFuture<Manifest> winner =
                CompletableFuture.supplyAsync(
                        () -> run(slow, BuildMode.ERROR, Builds.QUIET), OWN_THREAD);
        begun.await();
        assertThatThrownBy(() -> build(index, BuildMode.ERROR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is an unfinished build");
        refused.countDown();
        Manifest built = winner.get();
        assertThat(Builds.list(index)).isEqualTo(Builds.named(built));
    }

    @Test
    void of_two_that_resume_the_same_build_one_finishes_it() throws Exception {
        Manifest expected = build(folder.resolve("undisturbed"), BuildMode.ERROR);
        die(3);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        RecordingEngine slow =
                engine(
                        stage -> {
                            begun.countDown();
                            await(overtaken);
                        });
        CompletableFuture<Manifest> loser =
                CompletableFuture.supplyAsync(
                        () -> run(slow, BuildMode.RESUME, Builds.QUIET), OWN_THREAD);
        begun.await();
        Manifest won = build(index, BuildMode.RESUME);
        overtaken.countDown();
        assertThatThrownBy(loser::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CommitConflictException.class)
                .hasMessageContaining("has discarded or finished this build");
        assertThat(Builds.files(won)).isEqualTo(Builds.files(expected));
        assertThat(Builds.list(index)).containsAll(Builds.named(won));
        search(index);
    }

    @Test
    void a_builder_whose_build_was_discarded_publishes_nothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        IndexBuilder.StageListener pause =
                (name, seconds) -> {
                    if (name.startsWith("6")) {
                        begun.countDown();
                        await(overtaken);
                    }
                };
        CompletableFuture<Manifest> loser =
                CompletableFuture.supplyAsync(
                        () -> run(engine(s -> {}), BuildMode.ERROR, pause), OWN_THREAD);
        begun.await();
        List<Throwable> seen = new ArrayList<>();
        RecordingEngine second =
                engine(
                        stage -> {
                            if (stage.startsWith("3/7")) {
                                overtaken.countDown();
                                try {
                                    loser.get();
                                } catch (InterruptedException | ExecutionException e) {
                                    seen.add(e.getCause());
                                }
                            }
                        });
        Manifest won = run(second, BuildMode.OVERWRITE, Builds.QUIET);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0))
                .isInstanceOf(CommitConflictException.class)
                .hasMessageContaining(LocalStorage.of(index).location());
        assertThat(won.snapshot()).isEqualTo(1);
        assertThat(Builds.list(index)).isEqualTo(Builds.named(won));
        assertThat(Files.exists(index.resolve("build.json"))).isFalse();
        search(index);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
