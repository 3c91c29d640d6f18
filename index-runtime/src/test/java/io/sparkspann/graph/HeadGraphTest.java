package io.sparkspann.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.cluster.SampleForest;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadGraphTest {
    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "NEAR_DUPLICATES"})
    void everyEdgeFollowsTheRngRule(Shape shape) {
        int d = 6;
        SampleForest forest = SampleForest.of(shape, d, 1500, 8, 3);
        float[] heads = forest.headRows();
        int edges = 0;
        for (int shard = 0; shard < forest.shards(); shard++) {
            HeadGraph graph = new RngGraphBuilder(forest).build(shard);
            int first = forest.firstHeads()[shard];
            int count = forest.firstHeads()[shard + 1] - first;
            assertThat(graph.starts()).hasSize(count + 1);
            assertThat(graph.edges()).hasSize(graph.starts()[count]);
            for (int h = 0; h < count; h++) {
                int from = graph.starts()[h];
                int to = graph.starts()[h + 1];
                edges += to - from;
                assertThat(to - from).isBetween(1, 32);
                int[] targets = Arrays.copyOfRange(graph.edges(), from, to);
                assertThat(targets).doesNotContain(first + h).doesNotHaveDuplicates();
                checkRule(heads, d, first + h, targets);
            }
        }
        assertThat(edges).isGreaterThan(2 * forest.heads());
    }

    private static void checkRule(float[] heads, int d, int self, int[] targets) {
        double rounding = 1e-5;
        double before = 0;
        for (int c = 0; c < targets.length; c++) {
            double distance = squared(heads, d, self, targets[c]);
            assertThat(distance).isGreaterThan(before - rounding);
            before = distance;
            for (int a = 0; a < c; a++) {
                assertThat(squared(heads, d, targets[a], targets[c]))
                        .isGreaterThan(distance - rounding);
            }
        }
    }

    private static double squared(float[] rows, int d, int a, int b) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
            sum += Math.pow((double) rows[a * d + j] - rows[b * d + j], 2);
        }
        return sum;
    }

    @Test
    void droppedCandidatesLieBehindAKeptOne() {
        int d = 4;
        SampleForest forest = SampleForest.of(Shape.RANDOM, d, 300, 1, 1);
        float[] heads = forest.headRows();
        HeadGraph graph = new RngGraphBuilder(forest).build(0);
        for (int h = 0; h < forest.heads(); h++) {
            int[] kept =
                    Arrays.copyOfRange(graph.edges(), graph.starts()[h], graph.starts()[h + 1]);
            for (int other = 0; other < forest.heads(); other++) {
                int c = other;
                int self = h;
                boolean explained =
                        c == h
                                || Arrays.stream(kept)
                                        .anyMatch(
                                                a ->
                                                        a == c
                                                                || squared(heads, d, a, c)
                                                                        < squared(heads, d, self, c)
                                                                                + 1e-5);
                assertThat(explained).as("head %d without edge to %d", h, c).isTrue();
            }
        }
    }

    @Test
    void graphComesBack() {
        HeadGraph graph = new HeadGraph(new int[] {0, 2, 2, 3}, new int[] {7, 1, 0});
        SpnFixture fixture = new SpnFixture(FileKind.GRAPH, 2, graph::write);
        try (SpnFile file = fixture.open()) {
            HeadGraph back = HeadGraph.read(file, 3, 8);
            assertThat(back.starts()).isEqualTo(graph.starts());
            assertThat(back.edges()).isEqualTo(graph.edges());
        }
        assertThat(fixture.isRefused("fewer heads", file -> HeadGraph.read(file, 2, 8))).isTrue();
        assertThat(fixture.isRefused("more heads", file -> HeadGraph.read(file, 4, 8))).isTrue();
        assertThat(fixture.isRefused("edge 7", file -> HeadGraph.read(file, 3, 7))).isTrue();
    }

    @Test
    void forgedGraphIsRefusedOrMakesSense() {
        int[] numbers = {0, 2, 2, 3, 7, 1, 0};
        for (int at = 0; at < numbers.length; at++) {
            for (int value : SpnFixture.hostile(numbers[at])) {
                int[] forged = numbers.clone();
                forged[at] = value;
                SpnFixture fixture =
                        new SpnFixture(
                                FileKind.GRAPH,
                                0,
                                out -> {
                                    SpnFixture.ints(
                                            out,
                                            SectionType.GRAPH_STARTS,
                                            Arrays.copyOf(forged, 4));
                                    SpnFixture.ints(
                                            out,
                                            SectionType.GRAPH_EDGES,
                                            Arrays.copyOfRange(forged, 4, 7));
                                });
                boolean refused =
                        fixture.isRefused(
                                "number " + at + " = " + value, f -> HeadGraph.read(f, 3, 8));
                assertThat(refused || value >= 0 && value < 8).isTrue();
            }
        }
    }
}
