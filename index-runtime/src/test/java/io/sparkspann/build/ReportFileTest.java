package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.IndexVerifier;
import io.sparkspann.storage.ForwardingStorage;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report beside an index: what is in it, and that nothing about it matters to the index. */
class ReportFileTest {
    private static final int ROWS = 1200;
    private static final int D = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private Path input;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        Random random = new Random(5);
        float[] components = new float[ROWS * D];
        for (int i = 0; i < components.length; i++) {
            components[i] = random.nextFloat();
        }
        input = folder.resolve("base.fvecs");
        try (VectorFileWriter writer =
                new VectorFileWriter(
                        Files.newOutputStream(input), VectorFormat.FVECS, "base.fvecs")) {
            writer.append(VectorBlock.ofFloats(D, components));
        }
        file = folder.resolve("index/report.json");
    }

    private Storage storage() {
        return LocalStorage.of(folder.resolve("index"));
    }

    private BuildReport build(Storage storage, BuildMode mode, IndexBuilder.StageListener heard) {
        try (VectorFile vectors = VectorFiles.open(FileBytes.open(input), VectorFormat.FVECS)) {
            BuildOptions options =
                    BuildOptions.of(Metric.L2).withShards(2).withCalibrationQueries(100);
            LocalEngine engine = new LocalEngine(vectors, "base", false, VectorDomain.ANY, 2);
            return new IndexBuilder(engine, () -> storage, options, heard).build(mode);
        }
    }

    private BuildReport build(BuildMode mode) {
        return build(storage(), mode, (stage, seconds) -> {});
    }

    private JsonNode json() throws IOException {
        return JSON.readTree(file.toFile());
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.path(field).asText()));
        return texts;
    }

    @Test
    void says_what_was_built_and_how() throws IOException {
        Instant before = Instant.now().minusSeconds(1);
        Manifest manifest = build(BuildMode.ERROR).manifest();
        JsonNode json = json();
        assertThat(json.fieldNames().next()).isEqualTo("spark_spann_report");
        assertThat(Instant.parse(json.path("started").asText())).isBetween(before, Instant.now());
        assertThat(json.path("program").asText()).startsWith("spark-spann ");
        assertThat(json.path("snapshot").asLong()).isEqualTo(1);
        assertThat(json.path("content_id").asText()).isEqualTo(manifest.contentId().toString());
        assertThat(json.path("vectors").asLong()).isEqualTo(ROWS);
        assertThat(json.path("type").asText()).isEqualTo("float32");
        assertThat(json.path("options").path("shards").asText()).isEqualTo("2");
        assertThat(json.path("calibration")).hasSameSizeAs(manifest.calibration());
        long replicas = 0;
        for (int r = 0; r < json.path("replica_histogram").size(); r++) {
            replicas += r * json.path("replica_histogram").get(r).asLong();
        }
        assertThat(replicas).isEqualTo(json.path("records").asLong());
        JsonNode shards = json.path("by_shard");
        assertThat(shards).hasSize(2);
        long bytes = json.path("bytes").path("router").asLong();
        for (JsonNode shard : shards) {
            bytes += shard.path("bytes").asLong();
        }
        assertThat(bytes).isEqualTo(json.path("index_bytes").asLong());
    }

    @Test
    void stages_have_times_bytes_and_the_distances_that_are_counted() throws IOException {
        Manifest manifest = build(BuildMode.ERROR).manifest();
        JsonNode stages = json().path("stages");
        assertThat(texts(stages, "stage"))
                .containsExactly(
                        "1-scan",
                        "1-router",
                        "2-route",
                        "3-heads",
                        "3-router",
                        "4-closure",
                        "5-postings",
                        "6-calibration");
        assertThat(texts(stages, "run")).containsOnly("this");
        long postings =
                BuildReport.bytesByKind(manifest).get("postings")
                        + BuildReport.bytesByKind(manifest).get("ids");
        assertThat(stages.get(6).path("written_bytes").asLong()).isEqualTo(postings);
        assertThat(stages.get(6).has("distances")).isFalse();
        // Every query against all vectors of all shards, after those of its own shard.
        assertThat(stages.get(7).path("distances").asLong()).isBetween(50L * ROWS, 2L * ROWS * 300);
    }

    @Test
    void stages_of_an_earlier_run_are_marked() throws IOException {
        List<String> done = new ArrayList<>();
        assertThatThrownBy(
                        () ->
                                build(
                                        storage(),
                                        BuildMode.ERROR,
                                        (stage, seconds) -> {
                                            done.add(stage);
                                            if (done.size() == 4) {
                                                throw new IllegalStateException("power");
                                            }
                                        }))
                .hasMessage("power");
        assertThat(file).doesNotExist();
        Manifest manifest = build(BuildMode.RESUME).manifest();
        JsonNode stages = json().path("stages");
        assertThat(texts(stages, "run"))
                .startsWith("earlier", "earlier", "earlier", "earlier", "this")
                .endsWith("this");
        assertThat(stages.get(3).has("seconds")).isFalse();
        BuildRun run = ReportFile.read(storage(), manifest).run().orElseThrow();
        assertThat(run.stages()).hasSize(8);
        assertThat(run.stages().get(0)).isEqualTo(StageRun.ofEarlier("1-scan"));
        assertThat(run.stages().get(6).earlier()).isFalse();
        assertThat(run.stages().get(6).writtenBytes()).isPositive();
    }

    @Test
    void a_later_build_replaces_it() throws IOException {
        Manifest first = build(BuildMode.ERROR).manifest();
        Manifest second = build(BuildMode.OVERWRITE).manifest();
        assertThat(json().path("snapshot").asLong()).isEqualTo(2);
        assertThat(ReportFile.read(storage(), second).run()).isPresent();
        assertThat(ReportFile.read(storage(), first).why())
                .isEqualTo("report.json is about another build");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\n  \"spark_spann_rep"})
    void a_torn_one_is_no_error_and_is_replaced(String left) throws IOException {
        Manifest manifest = build(BuildMode.ERROR).manifest();
        Files.writeString(file, left);
        assertThat(ReportFile.read(storage(), manifest).run()).isEmpty();
        assertThat(build(BuildMode.OVERWRITE).note()).isEmpty();
        assertThat(json().path("snapshot").asLong()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[[[[1]]]]",
                "{\"content_id\": 7, \"stages\": 9}",
                "{\"content_id\": \"ID\", \"router\": \"ROUTER\", \"stages\": [{}]}",
                "{\"content_id\": \"ID\", \"router\": \"ROUTER\", \"started\": \"soon\"}"
            })
    void what_is_not_understood_is_no_error(String text) throws IOException {
        Manifest manifest = build(BuildMode.ERROR).manifest();
        Files.writeString(
                file,
                text.replace("ID", manifest.contentId().toString())
                        .replace("ROUTER", manifest.router().path()));
        ReportFile.Found found = ReportFile.read(storage(), manifest);
        assertThat(found.run()).isEmpty();
        assertThat(found.why()).startsWith("report.json ");
        Files.write(file, new byte[] {(byte) 0xFF, 0, 1});
        assertThat(ReportFile.read(storage(), manifest).run()).isEmpty();
        Files.delete(file);
        assertThat(ReportFile.read(storage(), manifest).why()).isEqualTo("there is no report.json");
    }

    @Test
    void a_file_of_the_user_stays() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"mine\": 1}");
        BuildReport report = build(BuildMode.ERROR);
        assertThat(report.note())
                .isEqualTo(
                        "the index is complete, but the report of its build was not written: "
                                + file
                                + ": is no report of a build, and stays as it is");
        assertThat(file).hasContent("{\"mine\": 1}");
        Files.delete(file);
        Files.createDirectories(file.resolve("mine"));
        assertThat(build(BuildMode.OVERWRITE).note()).contains("stays as it is");
        assertThat(file.resolve("mine")).isDirectory();
    }

    @Test
    void a_report_that_cannot_be_written_is_a_note_and_the_index_is_whole() {
        Storage full =
                new ForwardingStorage(storage()) {
                    @Override
                    public Put putIfAbsent(String path, byte[] content) {
                        if (path.equals(ReportFile.NAME)) {
                            throw new StorageException(path + ": no space", null);
                        }
                        return super.putIfAbsent(path, content);
                    }
                };
        BuildReport report = build(full, BuildMode.ERROR, (stage, seconds) -> {});
        assertThat(report.note())
                .isEqualTo(
                        "the index is complete, but the report of its build was not written:"
                                + " report.json: no space");
        assertThat(report.toJson().path("note").asText()).isEqualTo(report.note());
        assertThat(file).doesNotExist();
        assertThat(storage().exists(BuildStart.MARK)).isFalse();
        assertThat(IndexVerifier.verify(storage(), line -> {}).damages()).isZero();
        assertThat(IndexFiles.openCurrent(storage()).manifest().vectors()).isEqualTo(ROWS);
    }

    @Test
    void a_run_that_died_after_the_report_leaves_it_as_it_is() throws IOException {
        Storage failing =
                new ForwardingStorage(storage()) {
                    @Override
                    public void delete(String path) {
                        throw new StorageException(path + ": cannot be deleted", null);
                    }
                };
        assertThatThrownBy(() -> build(failing, BuildMode.ERROR, (stage, seconds) -> {}))
                .hasMessageEndingWith("cannot be deleted");
        String report = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        assertThat(build(BuildMode.RESUME).note()).isEmpty();
        assertThat(file).hasContent(report);
        assertThat(report).contains("\"run\" : \"this\"").doesNotContain("earlier");
    }
}
