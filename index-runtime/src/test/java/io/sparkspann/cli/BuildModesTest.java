package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.LocalEngine;
import io.sparkspann.distance.Metric;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorDomain;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --mode} does, and what a user is told about indexes that are not whole. */
class BuildModesTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06Z");

    @TempDir Path folder;
    private Path input;
    private Path index;

    @BeforeEach
    void writeInput() throws IOException {
        input =
                SampleVectors.write(
                        folder, "base", SampleVectors.clustered(ElementType.FLOAT32, 4, 300, 1));
        Files.setLastModifiedTime(input, FileTime.from(TIME));
        index = folder.resolve("index");
    }

    private Outcome create(Object... more) {
        List<Object> args = new ArrayList<>(List.of("create", "--input", input, "--index", index));
        args.addAll(List.of(more));
        return Outcome.of(args.toArray());
    }

    private static String line(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(CommandRunner.FAILED);
        assertThat(outcome.out()).isEmpty();
        List<String> lines =
                outcome.err().lines().filter(line -> !line.startsWith("stage ")).toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    private List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(index.resolve(path))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Leaves a build that died when it had finished this many steps. */
    private void die(int steps) {
        List<String> finished = new ArrayList<>();
        Storage storage = LocalStorage.of(index);
        try (VectorFile file = VectorFiles.open(FileBytes.open(input), VectorFormat.FVECS)) {
            LocalEngine engine =
                    new LocalEngine(file, input.toString(), false, VectorDomain.ANY, 1)
                            .withState(InputFiles.state(input));
            IndexBuilder.StageListener listener =
                    (name, seconds) -> {
                        finished.add(name);
                        if (finished.size() == steps) {
                            throw new IllegalStateException("the power went out");
                        }
                    };
            BuildOptions options = BuildOptions.of(Metric.L2);
            assertThatThrownBy(
                            () ->
                                    new IndexBuilder(engine, () -> storage, options, listener)
                                            .build(BuildMode.OVERWRITE))
                    .hasMessage("the power went out");
        }
    }

    @Test
    void resume_of_a_finished_index_has_nothing_to_do() throws IOException {
        JsonNode built = create().done().lastJson();
        byte[] manifest = Files.readAllBytes(index.resolve("manifest-000001.json"));
        Outcome again = create("--mode", "resume").done();
        String note = "index " + index + " is complete: built from this input; nothing to do";
        assertThat(again.err().lines()).containsExactly(note);
        assertThat(again.lastJson().path("note").asText()).isEqualTo(note);
        assertThat(again.lastJson().path("heads")).isEqualTo(built.path("heads"));
        assertThat(built.has("note")).isFalse();
        assertThat(names("")).containsExactly("data", "manifest-000001.json", "report.json");
        assertThat(index.resolve("manifest-000001.json")).hasBinaryContent(manifest);
    }

    @Test
    void resume_of_a_finished_index_of_another_build_names_what_differs() throws IOException {
        create().done();
        assertThat(line(create("--mode", "resume", "--seed", "7", "--replicas", "4")))
                .isEqualTo(
                        "spann: "
                                + index
                                + ": the index is complete, and nothing is to be resumed, but it"
                                + " was built with other options (replicas: was 8, now 4; seed: was"
                                + " 42, now 7); use --mode overwrite to replace it, or another"
                                + " directory");
        Files.setLastModifiedTime(input, FileTime.from(TIME.plusSeconds(1)));
        assertThat(line(create("--mode", "resume", "--on-bad-row", "skip")))
                .contains(
                        "other input (input: was "
                                + input
                                + ", modified 2026-02-03T04:05:06Z, now "
                                + input
                                + ", modified 2026-02-03T04:05:07Z, bad rows skipped); use");
        assertThat(names("")).containsExactly("data", "manifest-000001.json", "report.json");
    }

    @Test
    void resume_of_an_index_that_does_not_say_its_source_is_refused() throws IOException {
        create().done();
        LocalStorage storage = LocalStorage.of(index);
        var snapshots = new io.sparkspann.format.Snapshots(storage);
        byte[] silent = snapshots.load(1).toBuilder().source(java.util.Map.of()).build().toBytes();
        Files.write(index.resolve("manifest-000001.json"), silent);
        assertThat(line(create("--mode", "resume")))
                .contains("other input, perhaps: it does not say which", "--mode overwrite");
        assertThat(line(create("--mode", "resume", "--seed", 1)))
                .contains("other options (seed: was 42, now 1)");
    }

    @Test
    void resume_of_an_unfinished_build_names_what_differs() throws IOException {
        die(2);
        assertThat(line(create("--mode", "resume", "--metric", "cosine")))
                .endsWith(
                        ": the unfinished build has other options (metric: was l2, now cosine); use"
                                + " the same again, or --mode overwrite to discard it");
        SampleVectors.write(
                folder, "base", SampleVectors.clustered(ElementType.FLOAT32, 4, 200, 1));
        Files.setLastModifiedTime(input, FileTime.from(TIME));
        assertThat(line(create("--mode", "resume", "--seed", "1")))
                .contains(
                        "other input (rows: was 300, now 200) and other options (seed: was 42, now"
                                + " 1); use");
    }

    @Test
    void an_index_that_is_not_finished_says_its_stage() {
        int[] stages = {1, 2, 3, 3, 4, 5, 6, 7};
        Path queries = SampleVectors.write(folder, "query", new float[][] {{1, 2, 3, 4}});
        Path truth = SampleVectors.writeTruth(folder.resolve("truth.ivecs"), 10, new int[10]);
        for (int steps = 1; steps <= stages.length; steps++) {
            die(steps);
            String expected =
                    "spann: "
                            + index
                            + ": the build of this index is not finished (stage "
                            + stages[steps - 1]
                            + " of 7); if it is not running, continue it with --mode resume";
            assertThat(line(Outcome.of("info", "--index", index))).isEqualTo(expected);
            assertThat(line(Outcome.of("verify", "--index", index))).isEqualTo(expected);
            assertThat(line(Outcome.of("search", "--index", index, "--queries", queries)))
                    .isEqualTo(expected);
            assertThat(
                            line(
                                    Outcome.of(
                                            "evaluate",
                                            "--index",
                                            index,
                                            "--queries",
                                            queries,
                                            "--ground-truth",
                                            truth)))
                    .isEqualTo(expected);
        }
        create("--mode", "resume").done();
        Outcome.of("verify", "--index", index).done();
    }

    @Test
    void overwrite_keeps_one_older_snapshot_and_says_its_bytes() throws IOException {
        JsonNode first = create().done().lastJson();
        assertThat(first.path("older_snapshots_bytes").asLong()).isZero();
        JsonNode second = create("--mode", "overwrite", "--seed", 2).done().lastJson();
        assertThat(second.path("older_snapshots_bytes")).isEqualTo(first.path("index_bytes"));
        assertThat(names("data")).hasSize(2);
        JsonNode third = create("--mode", "overwrite", "--seed", 3).done().lastJson();
        assertThat(third.path("older_snapshots_bytes")).isEqualTo(second.path("index_bytes"));
        assertThat(names(""))
                .containsExactly(
                        "data", "manifest-000002.json", "manifest-000003.json", "report.json");
        assertThat(names("data")).hasSize(2);
        Outcome.of("verify", "--index", index).done();
        Files.delete(index.resolve("manifest-000003.json"));
        Outcome.of("verify", "--index", index).done();
    }

    @Test
    void a_build_removes_what_abandoned_ones_left_and_nothing_else() throws IOException {
        create().done();
        String abandoned = "data/" + UUID.randomUUID();
        Files.createDirectories(index.resolve(abandoned + "/staging"));
        Files.write(index.resolve(abandoned + "/staging/scan.spn"), new byte[10]);
        String claim = "{\"spark-spann build\": \"" + abandoned + "\"}\n";
        Files.writeString(index.resolve(abandoned + "/owner.json"), claim);
        Files.createDirectories(index.resolve("data/mine"));
        create("--mode", "overwrite").done();
        assertThat(index.resolve(abandoned)).doesNotExist();
        assertThat(index.resolve("data/mine")).exists();
        assertThat(names("data")).hasSize(3);
    }

    @Test
    void a_build_that_failed_at_once_leaves_no_directory() throws IOException {
        SampleVectors.write(folder, "nan", new float[][] {{1, 2, 3, 4}, {1, Float.NaN, 3, 4}});
        input = folder.resolve("nan.fvecs");
        assertThat(line(create())).contains("nan.fvecs: row 1");
        assertThat(index).doesNotExist();
        Files.createDirectory(index);
        assertThat(line(create())).contains("nan.fvecs: row 1");
        assertThat(names("")).isEmpty();
    }

    @Test
    void a_damaged_staging_file_is_named_and_advice_given() throws IOException {
        die(3);
        Path build = index.resolve("data").resolve(names("data").get(0));
        try (Stream<Path> files = Files.list(build.resolve("staging"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[80] ^= 1;
                Files.write(file, bytes);
            }
        }
        assertThat(line(create("--mode", "resume")))
                .contains("spann: data/", "/staging/", " is damaged: ")
                .endsWith(
                        "; the build cannot go on with this file; use --mode overwrite to begin"
                                + " anew");
        create("--mode", "overwrite").done();
        Outcome.of("verify", "--index", index).done();
    }
}
