package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands {@code exact} and {@code range}. */
class ExactCommandsTest {
    private static final int VECTORS = 3000;
    private static final int QUERIES = 30;

    @TempDir static Path folder;
    private static BruteForce truth;
    private static Path index;
    private static Path queries;

    @BeforeAll
    static void create() {
        VectorBlock base = SampleVectors.clustered(ElementType.FLOAT32, 4, VECTORS, 1);
        VectorBlock asked = SampleVectors.clustered(ElementType.FLOAT32, 4, QUERIES, 2);
        truth = new BruteForce(Metric.L2, base, asked);
        index = folder.resolve("index");
        queries = SampleVectors.write(folder, "queries", asked);
        Path input = SampleVectors.write(folder, "base", base);
        Outcome.of("create", "--input", input, "--index", index, "--metric", "l2").done();
    }

    private static Outcome exact(Object... more) {
        return run("exact", more);
    }

    private static Outcome range(Object... more) {
        return run("range", more);
    }

    private static Outcome run(String command, Object... more) {
        Object[] args = new Object[5 + more.length];
        System.arraycopy(
                new Object[] {command, "--index", index, "--queries", queries}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Outcome.of(args);
    }

    /** Lines of the nearest vectors of all queries, but for the distances. */
    private static List<String> nearest(int query, int count) {
        int[] rows = truth.nearest(query, count);
        return IntStream.range(0, count)
                .mapToObj(r -> query + "\t" + (r + 1) + "\t" + rows[r])
                .toList();
    }

    private static int within(int query, double radius) {
        return (int)
                IntStream.range(0, VECTORS)
                        .filter(row -> truth.distance(query, row) <= radius)
                        .count();
    }

    private static List<String> withoutDistances(Outcome outcome) {
        return outcome.done().lines().stream()
                .map(line -> line.substring(0, line.lastIndexOf('\t')))
                .toList();
    }

    @Test
    void exact_prints_the_nearest_and_how_much_it_computed() {
        Outcome outcome = exact("--k", 7, "--threads", 2);
        assertThat(withoutDistances(outcome))
                .isEqualTo(
                        IntStream.range(0, QUERIES)
                                .boxed()
                                .flatMap(q -> nearest(q, 7).stream())
                                .toList());
        assertThat(outcome.err())
                .matches("30 queries, \\d+ distances each, \\d+\\.\\d % of those to all vectors\n");
    }

    @Test
    void range_prints_all_that_are_near() {
        Outcome outcome = range("--radius", 0.5);
        assertThat(withoutDistances(outcome))
                .isNotEmpty()
                .isEqualTo(
                        IntStream.range(0, QUERIES)
                                .boxed()
                                .flatMap(q -> nearest(q, within(q, 0.5)).stream())
                                .toList());
        assertThat(outcome.lines())
                .allSatisfy(
                        line -> assertThat(Double.parseDouble(line.split("\t")[3])).isPositive());
        assertThat(outcome.err()).contains(" % of those to all vectors").doesNotContain("warning");
    }

    @Test
    void range_says_where_it_left_out_vectors() {
        int most = 3;
        Outcome outcome = range("--radius", 0.5, "--max-results", most);
        assertThat(withoutDistances(outcome))
                .isEqualTo(
                        IntStream.range(0, QUERIES)
                                .boxed()
                                .flatMap(q -> nearest(q, Math.min(most, within(q, 0.5))).stream())
                                .toList());
        long capped = IntStream.range(0, QUERIES).filter(q -> within(q, 0.5) > most).count();
        assertThat(capped).isPositive();
        assertThat(outcome.err())
                .contains(
                        "warning: "
                                + capped
                                + " queries have more than 3 vectors within the radius; the"
                                + " nearest were printed\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "range --radius -1 | --radius: radius is -1.0, but l2 has no distances below 0; use"
                        + " 0 or more",
                "range --radius NaN | --radius: radius is NaN; use a number",
                "range --radius 1 --max-results 0 | --max-results is 0; use 1 or more",
                "range | Missing option --radius for 'spann range'",
                "exact --k 0 | k is 0; use 1 to 10000",
            })
    void wrong_use_is_one_line(String line, String message) {
        String[] words = line.split(" ");
        Object[] more = new Object[words.length - 1];
        System.arraycopy(words, 1, more, 0, more.length);
        Outcome outcome = run(words[0], more);
        assertThat(outcome.code()).isEqualTo(CommandRunner.WRONG_USE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("spann: " + message);
    }
}
