package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands exact and range print, on the numbers 0 to 999. */
class ExactAndRangeTest {
    private static final int N = 1000;

    @TempDir static Path folder;

    private static Path line;
    private static Path products;

    @BeforeAll
    static void build() {
        float[][] rows = new float[N][];
        for (int i = 0; i < N; i++) {
            rows[i] = new float[] {i};
        }
        Path input = SampleVectors.write(folder, "base", rows);
        line = folder.resolve("line");
        products = folder.resolve("products");
        Outcome.of("create", "--input", input, "--index", line).done();
        Outcome.of("create", "--input", input, "--index", products, "--metric", "ip").done();
    }

    private static Outcome run(String command, Path index, Object... more) {
        Object[] args = new Object[3 + more.length];
        Object[] first = {command, "--index", index};
        System.arraycopy(first, 0, args, 0, 3);
        System.arraycopy(more, 0, args, 3, more.length);
        return Outcome.of(args);
    }

    @Test
    void exact_prints_the_nearest_and_what_was_left_out() {
        Outcome exact = run("exact", line, "--vector", "500.25", "--k", 3).done();
        assertThat(exact.lines())
                .containsExactly("0\t1\t500\t0.25", "0\t2\t501\t0.75", "0\t3\t499\t1.25");
        assertThat(exact.err().lines())
                .singleElement()
                .asString()
                .matches("1 queries, \\d+ distances each, \\d+\\.\\d % of those to all vectors");
        assertThat(Integer.parseInt(exact.err().split(" ")[2])).isBetween(3, N / 2);
    }

    @Test
    void range_includes_the_border() {
        assertThat(run("range", line, "--vector", "7", "--radius", 2).done().lines())
                .containsExactly(
                        "0\t1\t7\t0.0",
                        "0\t2\t6\t1.0",
                        "0\t3\t8\t1.0",
                        "0\t4\t5\t2.0",
                        "0\t5\t9\t2.0");
        assertThat(run("range", line, "--vector", "7", "--radius", 1.999).done().lines())
                .hasSize(3);
        assertThat(run("range", line, "--vector", "-5", "--radius", 4.9).done().lines()).isEmpty();
    }

    @Test
    void range_of_a_similarity_has_the_greater_ones() {
        assertThat(run("range", products, "--vector", "2", "--radius", 1996).done().lines())
                .containsExactly("0\t1\t999\t1998.0", "0\t2\t998\t1996.0");
        assertThat(run("range", products, "--vector", "-1", "--radius", -1).done().lines())
                .containsExactly("0\t1\t0\t0.0", "0\t2\t1\t-1.0");
    }

    @Test
    void a_cut_is_never_silent() {
        Object[] query = {"--vector", "7", "--radius", 2, "--max-results", 3};
        Outcome cut = run("range", line, query).done();
        assertThat(cut.lines()).containsExactly("0\t1\t7\t0.0", "0\t2\t6\t1.0", "0\t3\t8\t1.0");
        assertThat(cut.err())
                .contains(
                        "warning: 1 queries have more than 3 vectors within the radius; the"
                                + " nearest were printed");
        Object[] whole = {"--vector", "7", "--radius", 2, "--max-results", 5};
        Outcome all = run("range", line, whole).done();
        assertThat(all.lines()).hasSize(5);
        assertThat(all.err()).doesNotContain("warning");
    }

    @Test
    void many_queries_keep_their_numbers() throws IOException {
        float[][] rows = new float[700][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {i + 0.25f};
        }
        Path queries = SampleVectors.write(folder, "queries", rows);
        List<String> lines =
                run("range", line, "--queries", queries, "--radius", 0.75, "--json").done().lines();
        assertThat(lines).hasSize(700);
        for (int q = 0; q < 700; q++) {
            JsonNode json = new ObjectMapper().readTree(lines.get(q));
            assertThat(json.path("query").asInt()).isEqualTo(q);
            assertThat(json.path("ids").toString()).isEqualTo("[" + q + "," + (q + 1) + "]");
            assertThat(json.path("distances").toString()).isEqualTo("[0.25,0.75]");
        }
        List<String> nearest = run("exact", line, "--queries", queries, "--k", 1).done().lines();
        assertThat(nearest).hasSize(700);
        for (int q = 0; q < 700; q++) {
            assertThat(nearest.get(q)).isEqualTo(q + "\t1\t" + q + "\t0.25");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exact | --k 0 | k is 0",
                "exact | --k 10001 | k is 10001",
                "range | --radius -1 | radius is -1.0, but l2 has no distances below 0",
                "range | --radius NaN | radius is NaN; use a number",
                "range | --radius 1 --max-results 0 | --max-results is 0; use 1 or more",
                "range | --radius near | --radius is 'near'; use a number",
                "range | --max-results 3 | Missing option --radius",
            })
    void wrong_use_is_one_line(String command, String options, String message) {
        Object[] args = ("--vector 7 " + options).split(" ");
        Outcome outcome = run(command, line, args);
        assertThat(outcome.code()).isEqualTo(CommandRunner.WRONG_USE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).singleElement().asString().contains(message);
    }
}
