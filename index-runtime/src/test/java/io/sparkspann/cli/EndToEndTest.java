package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkspann.distance.Metric;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Create, search and evaluate, for every metric and type. */
class EndToEndTest {
    private static final int K = 10;

    @TempDir Path folder;

    static List<Arguments> combinations() {
        List<Arguments> all = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            for (ElementType type : ElementType.values()) {
                if (metric.accepts(type) && isTried(metric, type)) {
                    all.add(Arguments.of(metric, type));
                }
            }
        }
        return all;
    }

    /** The common metrics with all types, the others with their main one. */
    private static boolean isTried(Metric metric, ElementType type) {
        boolean common =
                metric == Metric.L2
                        || metric == Metric.IP
                        || metric == Metric.COSINE
                        || metric == Metric.L1;
        return common || type == ElementType.FLOAT32 || type == ElementType.BITS;
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void finds_what_brute_force_finds(Metric metric, ElementType type) {
        VectorBlock base = SampleVectors.clustered(metric, type, 16, 4000, 1);
        VectorBlock queries = SampleVectors.clustered(metric, type, 16, 100, 2);
        BruteForce truth =
                new BruteForce(
                        metric, io.sparkspann.distance.SampleVectors.stored(metric, base), queries);
        Path index = folder.resolve("index");
        Path queryFile = SampleVectors.write(folder, "query", queries);
        Path truthFile =
                SampleVectors.writeTruth(folder.resolve("truth.ivecs"), K, truth.nearest(K));

        JsonNode built =
                Outcome.of(
                                "create",
                                "--input",
                                SampleVectors.write(folder, "base", base),
                                "--index",
                                index,
                                "--metric",
                                metric.label(),
                                "--element-type",
                                type.label(),
                                "--shards",
                                3,
                                "--calibration-queries",
                                500)
                        .done()
                        .lastJson();
        assertThat(built.path("vectors").asInt()).isEqualTo(4000);
        assertThat(built.path("dimensions").asInt()).isEqualTo(16);
        assertThat(built.path("shards").asInt()).isEqualTo(3);
        assertThat(built.path("mean_replicas").asDouble()).isBetween(1.0, 8.0);

        exactIsBruteForce(index, queryFile, truth);
        allPostingsGiveTheExactNeighbours(index, queries);

        JsonNode measured =
                Outcome.of(
                                "evaluate",
                                "--index",
                                index,
                                "--queries",
                                queryFile,
                                "--ground-truth",
                                truthFile,
                                "--recall-target",
                                0.95)
                        .done()
                        .lastJson();
        assertThat(measured.path("recall").asDouble()).isBetween(0.9, 1.0);
        assertThat(measured.path("queries").asInt()).isEqualTo(100);
        assertThat(measured.path("k").asInt()).isEqualTo(K);
        assertThat(measured.path("seconds").asDouble()).isPositive();
        assertThat(measured.path("queries_per_second").asDouble()).isPositive();
        assertThat(measured.path("probes").asDouble()).isGreaterThanOrEqualTo(1);
        assertThat(measured.path("epsilon").isNull()).isTrue();
        assertThat(measured.path("mean_distances").asDouble()).isGreaterThanOrEqualTo(K);

        assertThat(Outcome.of("verify", "--index", index).done().out()).startsWith("ok: ");
    }

    private static void allPostingsGiveTheExactNeighbours(Path folder, VectorBlock queries) {
        try (SpannIndex index = SpannIndex.open(folder)) {
            for (int k : new int[] {1, 10, 190, 450}) {
                SearchOptions all = SearchOptions.ofProbes(k, 4000, Double.POSITIVE_INFINITY);
                Neighbors found = index.searchBatch(queries, all);
                Neighbors exact = index.searchExact(queries, k);
                assertThat(found.ids().numbers()).isEqualTo(exact.ids().numbers());
                assertThat(found.distances()).isEqualTo(exact.distances());
            }
        }
    }

    private void exactIsBruteForce(Path index, Path queryFile, BruteForce truth) {
        List<String> lines =
                Outcome.of("search", "--index", index, "--query", queryFile, "--exact")
                        .done()
                        .lines();
        assertThat(lines).hasSize(100 * K);
        for (int q = 0; q < 100; q++) {
            int[] nearest = truth.nearest(q, K);
            for (int r = 0; r < K; r++) {
                String[] cells = lines.get(q * K + r).split("\t");
                double expected = truth.distance(q, nearest[r]);
                int id = Integer.parseInt(cells[2]);
                assertThat(cells[0]).isEqualTo(Integer.toString(q));
                assertThat(cells[1]).isEqualTo(Integer.toString(r + 1));
                assertThat(Double.parseDouble(cells[3]))
                        .isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
                // Distances that differ by less than float32 holds may be in any order.
                assertThat(truth.distance(q, id))
                        .isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
            }
        }
    }
}
