package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** Tables at the edge of what can be indexed, and what commands print. */
class UnusualTablesTest {
    @TempDir Path folder;

    private JsonNode create(Path input, Object... more) {
        Object[] args = new Object[5 + more.length];
        Object[] first = {"create", "--input", input, "--index", folder.resolve("index")};
        System.arraycopy(first, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        JsonNode json = Outcome.of(args).done().lastJson();
        assertThat(Outcome.of("verify", "--index", folder.resolve("index")).code()).isZero();
        return json;
    }

    private List<String> search(Object... more) {
        Object[] args = new Object[3 + more.length];
        Object[] first = {"search", "--index", folder.resolve("index")};
        System.arraycopy(first, 0, args, 0, 3);
        System.arraycopy(more, 0, args, 3, more.length);
        return Outcome.of(args).done().lines();
    }

    @ParameterizedTest
    @CsvSource({"1,l2", "2,l2", "5,l2", "1,ip", "2,ip", "5,ip", "1,cosine", "2,cosine", "5,cosine"})
    void a_table_of_a_few_vectors(int size, String metric) {
        float[][] rows = new float[size][];
        for (int i = 0; i < size; i++) {
            rows[i] = new float[] {1, i, -1};
        }
        JsonNode built =
                create(
                        SampleVectors.write(folder, "base", rows),
                        "--metric",
                        metric,
                        "--shards",
                        4,
                        "--head-ratio",
                        0.5);
        assertThat(built.path("vectors").asInt()).isEqualTo(size);
        assertThat(search("--vector", "1,0,-1", "--k", 10, "--probes", 5)).hasSize(size);
        assertThat(search("--vector", "1,0,-1", "--k", 10, "--exact")).hasSize(size);
        assertThat(search("--vector", "1,0,-1", "--k", 10)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"l2", "ip", "cosine"})
    void a_table_of_equal_vectors(String metric) {
        float[][] rows = new float[3000][];
        java.util.Arrays.fill(rows, new float[] {0.3f, -0.7f, 2});
        create(SampleVectors.write(folder, "base", rows), "--metric", metric, "--shards", 2);
        List<String> found = search("--vector", "0.3,-0.7,2", "--k", 7, "--exact");
        assertThat(found).hasSize(7);
        for (int i = 0; i < 7; i++) {
            assertThat(found.get(i)).startsWith("0\t" + (i + 1) + "\t" + i + "\t");
        }
        assertThat(search("--vector", "0.3,-0.7,2", "--k", 7)).hasSize(7);
    }

    @Test
    void bad_rows_are_skipped_and_counted_when_asked_for() {
        float[][] rows = {{1, 2}, {0, 0}, {Float.NaN, 1}, {3, 1}, {1, Float.NEGATIVE_INFINITY}};
        JsonNode built =
                create(
                        SampleVectors.write(folder, "base", rows),
                        "--metric",
                        "cosine",
                        "--on-bad-row",
                        "skip");
        assertThat(built.path("vectors").asInt()).isEqualTo(2);
        assertThat(built.path("skipped_rows").asInt()).isEqualTo(3);
        assertThat(search("--vector", "3,1", "--probes", 9))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("0\t1\t3\t"),
                        line -> assertThat(line).startsWith("0\t2\t0\t"));
    }

    @Test
    void zero_vectors_are_fine_under_l2() {
        float[][] rows = {{1, 2}, {0, 0}};
        assertThat(create(SampleVectors.write(folder, "base", rows)).path("vectors").asInt())
                .isEqualTo(2);
        assertThat(search("--vector", "0,0", "--k", 1)).containsExactly("0\t1\t1\t0.0");
    }

    @Test
    void more_neighbours_than_vectors_are_all_vectors() {
        VectorBlock base = SampleVectors.clustered(ElementType.FLOAT32, 4, 300, 1);
        create(SampleVectors.write(folder, "base", base));
        assertThat(search("--vector", "1 2 3 4", "--k", 10000, "--exact")).hasSize(300);
        assertThat(search("--vector", "-1,-2,3,4", "--k", 10000, "--probes", 1000)).hasSize(300);
    }

    @Test
    void json_lines_hold_ids_and_distances() {
        create(SampleVectors.write(folder, "base", new float[][] {{0, 0}, {3, 4}}));
        assertThat(search("--vector", "0,0", "--json"))
                .containsExactly("{\"query\":0,\"ids\":[0,1],\"distances\":[0.0,5.0]}");
    }

    @Test
    void info_tells_what_there_is() {
        VectorBlock base = SampleVectors.clustered(ElementType.UINT8, 4, 500, 1);
        create(SampleVectors.write(folder, "base", base), "--shards", 2, "--seed", 5);
        Path index = folder.resolve("index");
        JsonNode json = Outcome.of("info", "--index", index, "--json").done().lastJson();
        assertThat(json.path("vectors").asInt()).isEqualTo(500);
        assertThat(json.path("type").asText()).isEqualTo("uint8");
        assertThat(json.path("metric").asText()).isEqualTo("l2");
        assertThat(json.path("shards").asInt()).isEqualTo(2);
        assertThat(json.path("snapshot").asInt()).isEqualTo(1);
        assertThat(json.path("parameters").path("seed").asText()).isEqualTo("5");
        assertThat(json.path("calibration").size()).isEqualTo(3);
        assertThat(json.path("kernels").asText()).isNotEmpty();
        long parts = 0;
        for (JsonNode bytes : json.path("bytes")) {
            parts += bytes.asLong();
        }
        assertThat(json.path("index_bytes").asLong()).isEqualTo(parts).isPositive();
        assertThat(Outcome.of("info", "--index", index).done().lines())
                .anySatisfy(line -> assertThat(line).matches("vectors +500"))
                .anySatisfy(line -> assertThat(line).matches("probes for 0.95 at k=10 .+"))
                .anySatisfy(line -> assertThat(line).matches("kernels +.+"));
    }

    @Test
    void posting_percentiles_never_exceed_the_greatest_size() {
        create(SampleVectors.write(folder, "base", new float[][] {{0, 0}, {3, 4}}));
        Path index = folder.resolve("index");
        JsonNode sizes =
                Outcome.of("info", "--index", index, "--json")
                        .done()
                        .lastJson()
                        .path("posting_sizes");
        assertThat(sizes.path("max").asInt()).isEqualTo(2);
        assertThat(sizes.path("p50").asInt()).isEqualTo(2);
        assertThat(sizes.path("percentile_bin").asInt()).isEqualTo(8);
        assertThat(Outcome.of("info", "--index", index).done().lines())
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith("posting sizes")
                                        .endsWith("max 2, percentiles to the bin of 8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "search", "evaluate", "info", "verify"})
    void help_has_an_example(String command) {
        assertThat(Outcome.of(command, "--help").done().out())
                .contains("Usage: spann " + command, "Example: spann " + command, "--debug");
    }

    @Command(
            name = "other",
            subcommands = {EvaluateCommand.class, InfoCommand.class, VerifyCommand.class})
    private static final class OtherProgram extends RootCommand {}

    @ParameterizedTest
    @ValueSource(strings = {"evaluate", "info", "verify"})
    void examples_name_the_program_that_runs(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] args = {command, "--help"};
        assertThat(CommandRunner.run(new OtherProgram(), args, out, out)).isZero();
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
                .contains("Example: other " + command)
                .doesNotContain("spann " + command);
    }

    @Test
    void version_names_program_and_format() {
        assertThat(Outcome.of("--version").done().out()).contains("spark-spann", "format 1.1");
    }

    @Test
    void a_reader_that_goes_away_ends_the_command_quietly() {
        create(SampleVectors.write(folder, "base", new float[][] {{0, 0}, {3, 4}}));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(searchInto(new FailingStream("Broken pipe"), err)).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void a_full_disk_is_an_error() {
        create(SampleVectors.write(folder, "base", new float[][] {{0, 0}, {3, 4}}));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = searchInto(new FailingStream("No space left on device"), err);
        assertThat(code).isEqualTo(CommandRunner.FAILED);
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "spann: standard output cannot be written: No space left on device");
    }

    private int searchInto(OutputStream out, OutputStream err) {
        Path queries = SampleVectors.write(folder, "query", new float[10_000][2]);
        String index = folder.resolve("index").toString();
        String[] args = {"search", "--index", index, "--query", queries.toString()};
        return Main.run(args, out, err);
    }

    private static final class FailingStream extends OutputStream {
        private final String problem;

        FailingStream(String problem) {
            this.problem = problem;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(problem);
        }
    }
}
