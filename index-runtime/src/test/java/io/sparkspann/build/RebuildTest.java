package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same build again: with other threads, after a failure, over what another one left. */
class RebuildTest {
    private static final int ROWS = 3000;

    @TempDir Path folder;
    private Path input;

    @BeforeEach
    void writeInput() throws IOException {
        writeInput(Metric.L2);
    }

    private void writeInput(Metric metric) throws IOException {
        Random random = new Random(1);
        float[] components = new float[ROWS * 8];
        for (int i = 0; i < components.length; i++) {
            components[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < ROWS; i++) {
            SampleVectors.fit(metric, components, i * 8, 8);
        }
        input = folder.resolve("base.fvecs");
        try (VectorFileWriter writer =
                new VectorFileWriter(
                        Files.newOutputStream(input), VectorFormat.FVECS, "base.fvecs")) {
            writer.append(VectorBlock.ofFloats(8, components));
        }
    }

    private static BuildOptions options(Metric metric) {
        return BuildOptions.of(metric).withShards(3).withCalibrationQueries(200);
    }

    private Manifest build(Storage storage, BuildMode mode, BuildOptions options, int threads) {
        try (VectorFile file = VectorFiles.open(FileBytes.open(input), VectorFormat.FVECS)) {
            LocalEngine engine = new LocalEngine(file, "base", false, VectorDomain.ANY, threads);
            return new IndexBuilder(engine, () -> storage, options, (stage, seconds) -> {})
                    .build(mode)
                    .manifest();
        }
    }

    private Manifest build(String index, BuildMode mode, int threads) {
        return build(storage(index), mode, options(Metric.L2), threads);
    }

    private Storage storage(String index) {
        return LocalStorage.of(folder.resolve(index));
    }

    /** All that makes an index but time and names: kinds, lengths and checksums of its files. */
    private static List<String> content(Manifest manifest) {
        List<String> content = new ArrayList<>();
        content.add("router " + text(manifest.router()));
        for (ShardEntry shard : manifest.shards()) {
            for (FileKind kind : shard.files().keySet()) {
                content.add(shard.shard() + " " + kind + " " + text(shard.file(kind)));
            }
        }
        content.add(manifest.contentId().toString());
        content.add(manifest.calibration().toString());
        return content;
    }

    private static String text(FileEntry entry) {
        return entry.lengthBytes() + " " + entry.crc32cHex();
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "COSINE", "L1", "POINCARE"})
    void threads_do_not_change_a_byte(Metric metric) throws IOException {
        writeInput(metric);
        Manifest one = build(storage("one"), BuildMode.ERROR, options(metric), 1);
        Manifest two = build(storage("two"), BuildMode.ERROR, options(metric), 2);
        Manifest again = build(storage("again"), BuildMode.ERROR, options(metric), 2);
        assertThat(content(two)).isEqualTo(content(one)).hasSize(15);
        assertThat(content(again)).isEqualTo(content(one));
    }

    @ParameterizedTest
    @EnumSource(names = {"L2", "IP", "COSINE", "L1", "POINCARE"})
    void splits_retries_and_order_of_tasks_do_not_change_a_byte(Metric metric) throws IOException {
        writeInput(metric);
        Manifest one = build(storage("one"), BuildMode.ERROR, options(metric), 1);
        VectorBlock vectors;
        try (VectorFile file = VectorFiles.open(FileBytes.open(input), VectorFormat.FVECS)) {
            vectors = file.read(0, ROWS);
        }
        for (int splits : new int[] {1, 7}) {
            Storage storage = storage("erratic-" + splits);
            Manifest other =
                    new IndexBuilder(
                                    new ErraticEngine(vectors, splits, "base"),
                                    () -> storage,
                                    options(metric),
                                    (stage, seconds) -> {})
                            .build(BuildMode.ERROR)
                            .manifest();
            assertThat(content(other)).as("%d splits", splits).isEqualTo(content(one));
            assertNothingLeftOver(storage, other);
        }
    }

    @Test
    void input_that_changes_between_two_stages_is_refused() throws IOException {
        Storage storage = storage("index");
        // The scan is in the journal, the vectors are not routed yet.
        Storage failing = new FailingStorage(storage, new AtomicInteger(6));
        assertThatThrownBy(() -> build(failing, BuildMode.ERROR, options(Metric.L2), 1))
                .isInstanceOf(StorageException.class);
        assertThat(storage.list("data/" + storage.list("data").get(0) + "/journal"))
                .containsExactly("1-router.json", "1-scan.json");
        byte[] bytes = Files.readAllBytes(input);
        bytes[bytes.length - 4] ^= 1;
        Files.write(input, bytes);
        assertThatThrownBy(() -> build("index", BuildMode.RESUME, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has changed");
        assertThat(storage.list("")).doesNotContain("manifest-000001.json", BuildStart.MARK);
    }

    @Test
    void another_seed_makes_another_index() {
        Manifest one = build("one", BuildMode.ERROR, 1);
        Manifest other = build(storage("two"), BuildMode.ERROR, options(Metric.L2).withSeed(43), 1);
        assertThat(content(other)).isNotEqualTo(content(one));
    }

    @Test
    void a_build_that_died_anywhere_is_resumed_to_the_same_bytes() {
        Storage reference = storage("reference");
        AtomicInteger writes = new AtomicInteger(Integer.MAX_VALUE);
        Manifest undisturbed =
                build(
                        new FailingStorage(reference, writes),
                        BuildMode.ERROR,
                        options(Metric.L2),
                        2);
        // The last one is that of the report, without which a build is complete.
        int total = Integer.MAX_VALUE - writes.get() - 1;
        for (int failAt = 0; failAt < total; failAt++) {
            Storage storage = storage("index-" + failAt);
            Storage failing = new FailingStorage(storage, new AtomicInteger(failAt));
            assertThatThrownBy(() -> build(failing, BuildMode.RESUME, options(Metric.L2), 2))
                    .as("write %d of %d", failAt, total)
                    .isInstanceOf(StorageException.class);
            Manifest resumed = build(storage, BuildMode.RESUME, options(Metric.L2), 2);
            assertThat(content(resumed)).as("write %d", failAt).isEqualTo(content(undisturbed));
            assertThat(IndexVerifier.verify(storage, line -> {}).damages()).isZero();
            assertNothingLeftOver(storage, resumed);
        }
    }

    private static void assertNothingLeftOver(Storage storage, Manifest manifest) {
        assertThat(storage.list(""))
                .containsExactlyInAnyOrder("data", "manifest-000001.json", "report.json");
        assertThat(storage.list("data")).hasSize(1);
        assertThat(storage.list("data/" + storage.list("data").get(0)))
                .hasSameSizeAs(Assembly.paths(manifest));
    }

    private Storage unfinished() {
        Storage storage = storage("index");
        Storage failing = new FailingStorage(storage, new AtomicInteger(13));
        assertThatThrownBy(() -> build(failing, BuildMode.ERROR, options(Metric.L2), 1))
                .isInstanceOf(StorageException.class);
        assertThat(storage.exists(BuildStart.MARK)).isTrue();
        return storage;
    }

    @Test
    void a_build_that_finished_nothing_leaves_nothing() {
        for (int writes = 0; writes < 4; writes++) {
            Storage storage = storage("index");
            Storage failing = new FailingStorage(storage, new AtomicInteger(writes));
            assertThatThrownBy(() -> build(failing, BuildMode.ERROR, options(Metric.L2), 1))
                    .isInstanceOf(StorageException.class);
            assertThat(storage.list("")).as("%d writes", writes).isEmpty();
        }
    }

    @Test
    void an_unfinished_build_is_refused_with_advice() {
        unfinished();
        assertThatThrownBy(() -> build("index", BuildMode.ERROR, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("unfinished build")
                .hasMessageContaining("--mode resume")
                .hasMessageContaining("--mode overwrite");
    }

    @Test
    void overwrite_discards_an_unfinished_build() {
        Storage storage = unfinished();
        String before = storage.list("data").get(0);
        Manifest manifest = build("index", BuildMode.OVERWRITE, 1);
        assertThat(storage.list("data")).hasSize(1).doesNotContain(before);
        assertThat(storage.exists(BuildStart.MARK)).isFalse();
        assertThat(content(manifest)).isEqualTo(content(build("other", BuildMode.ERROR, 1)));
    }

    @Test
    void resume_refuses_other_options() {
        Storage storage = unfinished();
        assertThatThrownBy(() -> build(storage, BuildMode.RESUME, options(Metric.COSINE), 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("other options");
    }

    @Test
    void resume_without_an_unfinished_build_begins_one() {
        assertThat(build("index", BuildMode.RESUME, 1).snapshot()).isEqualTo(1);
    }

    @Test
    void a_finished_index_is_kept_unless_it_is_to_be_overwritten() {
        Manifest first = build("index", BuildMode.ERROR, 1);
        assertThatThrownBy(() -> build("index", BuildMode.ERROR, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("an index already");
        Manifest second = build("index", BuildMode.OVERWRITE, 1);
        assertThat(second.snapshot()).isEqualTo(2);
        assertThat(content(second)).isEqualTo(content(first));
        assertThat(IndexVerifier.verify(storage("index"), line -> {}).damages()).isZero();
    }

    @Test
    void a_damaged_staging_file_is_an_error_and_no_index() throws IOException {
        Storage storage = storage("index");
        // Late enough that stages have left staging files that the next ones read.
        Storage failing = new FailingStorage(storage, new AtomicInteger(10));
        assertThatThrownBy(() -> build(failing, BuildMode.ERROR, options(Metric.L2), 1))
                .isInstanceOf(StorageException.class);
        String staging = "data/" + storage.list("data").get(0) + "/staging";
        for (String name : storage.list(staging)) {
            Path file = folder.resolve("index").resolve(staging).resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[Math.min(bytes.length - 1, 80)] ^= 1;
            Files.write(file, bytes);
        }
        assertThatThrownBy(() -> build("index", BuildMode.RESUME, 1))
                .isInstanceOf(io.sparkspann.error.CorruptIndexException.class)
                .hasMessageContaining("staging");
        assertThat(storage.list("")).doesNotContain("manifest-000001.json");
    }
}
