package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How recall is counted. */
class EvaluateTest {
    @TempDir Path folder;

    /** Rows 0 to 199 on a line, each place taken by four vectors. */
    private Path lineOfFours() {
        float[][] rows = new float[200][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {i / 4, 1};
        }
        Path index = folder.resolve("index");
        Outcome.of("create", "--input", SampleVectors.write(folder, "base", rows), "--index", index)
                .done();
        return index;
    }

    private JsonNode evaluate(Path index, Path queries, Path truth, int k) {
        return Outcome.of(
                        "evaluate",
                        "--index",
                        index,
                        "--queries",
                        queries,
                        "--ground-truth",
                        truth,
                        "--k",
                        k,
                        "--probes",
                        1000)
                .done()
                .lastJson();
    }

    @Test
    void any_of_the_vectors_that_tie_is_right() {
        Path index = lineOfFours();
        Path queries = SampleVectors.write(folder, "query", new float[][] {{10.1f, 1}, {0, 1}});
        // The index returns the least ids 40 41 42 and 0 1 2, the truth has others as near.
        Path truth =
                SampleVectors.writeTruth(folder.resolve("truth.ivecs"), 3, 43, 42, 41, 3, 2, 1);
        assertThat(evaluate(index, queries, truth, 3).path("recall").asDouble()).isEqualTo(1);
    }

    @Test
    void a_tie_counts_when_the_search_has_none_of_the_named_vectors() {
        Path index = lineOfFours();
        Path queries = SampleVectors.write(folder, "query", new float[][] {{10.1f, 1}});
        Path truth = SampleVectors.writeTruth(folder.resolve("truth.ivecs"), 1, 43);
        assertThat(evaluate(index, queries, truth, 1).path("recall").asDouble()).isEqualTo(1);
    }

    @Test
    void a_truth_of_another_table_is_noticed() {
        Path index = lineOfFours();
        Path queries = SampleVectors.write(folder, "query", new float[][] {{10.1f, 1}});
        Path truth = SampleVectors.writeTruth(folder.resolve("truth.ivecs"), 2, 43, 9_000_000);
        Outcome outcome =
                Outcome.of(
                        "evaluate",
                        "--index",
                        index,
                        "--queries",
                        queries,
                        "--ground-truth",
                        truth,
                        "--k",
                        2,
                        "--probes",
                        1000);
        assertThat(outcome.done().err())
                .contains(
                        "warning: "
                                + truth
                                + " names vectors that the index does not hold (the last"
                                + " neighbour of 1 queries)");
    }

    @Test
    void farther_vectors_do_not_count() {
        Path index = lineOfFours();
        Path queries = SampleVectors.write(folder, "query", new float[][] {{10.1f, 1}});
        // As if 44 were the nearest: what the search returns is nearer than that, so it counts;
        // row 199 is far from everything that is returned, and the k-th is 41.
        Path truth =
                SampleVectors.writeTruth(
                        folder.resolve("truth.ivecs"), 6, 40, 41, 199, 198, 42, 43);
        JsonNode json = evaluate(index, queries, truth, 6);
        // Returned are 40 to 43 and two of 44 to 47 at a greater distance than 43.
        assertThat(json.path("recall").asDouble()).isCloseTo(4 / 6.0, within(1e-6));
    }

    @Test
    void epsilon_and_probes_are_reported() {
        VectorBlock base = SampleVectors.clustered(ElementType.FLOAT32, 8, 1000, 3);
        VectorBlock queries = SampleVectors.clustered(ElementType.FLOAT32, 8, 20, 4);
        int[] truth = new BruteForce(io.sparkspann.distance.Metric.L2, base, queries).nearest(5);
        Path index = folder.resolve("index");
        Outcome.of("create", "--input", SampleVectors.write(folder, "base", base), "--index", index)
                .done();
        Path queryFile = SampleVectors.write(folder, "query", queries);
        Path truthFile = SampleVectors.writeTruth(folder.resolve("truth.ivecs"), 5, truth);
        JsonNode json =
                Outcome.of(
                                "evaluate",
                                "--index",
                                index,
                                "--queries",
                                queryFile,
                                "--ground-truth",
                                truthFile,
                                "--k",
                                5,
                                "--probes",
                                4,
                                "--epsilon",
                                0)
                        .done()
                        .lastJson();
        assertThat(json.path("epsilon").asDouble()).isEqualTo(0);
        assertThat(json.path("epsilon").isNumber()).isTrue();
        assertThat(json.path("probes").asDouble()).isEqualTo(1);
    }
}
