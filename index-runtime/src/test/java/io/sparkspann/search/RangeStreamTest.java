package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors within a radius, handed on as they are found. */
class RangeStreamTest {
    private static final int VECTORS = 3000;

    @TempDir static Path folder;
    private static VectorBlock base;
    private static SpannIndex index;

    @BeforeAll
    static void open() throws IOException {
        base = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 4, VECTORS, 1);
        index = SpannIndex.open(SampleIndex.build(base, Metric.L2, 2, folder));
    }

    @AfterAll
    static void close() {
        index.close();
    }

    /** Query, distance and id of what was found, sorted. */
    private static List<String> lines(List<FoundVectors> parts) {
        List<String> lines = new ArrayList<>();
        for (FoundVectors part : parts) {
            for (int i = 0; i < part.size(); i++) {
                lines.add(part.query(i) + " " + part.distance(i) + " " + part.id(i));
            }
        }
        return lines.stream().sorted().toList();
    }

    private static List<String> lines(Neighbors found) {
        List<String> lines = new ArrayList<>();
        for (int q = 0; q < found.queries(); q++) {
            for (int r = 0; r < found.count(q); r++) {
                lines.add(q + " " + found.distance(q, r) + " " + found.id(q, r));
            }
        }
        return lines.stream().sorted().toList();
    }

    /** The greatest radius gives far more than is handed on at once. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1000})
    void findsWhatASearchFinds(double radius) {
        VectorBlock queries = base.slice(0, 40);
        List<FoundVectors> parts = new ArrayList<>();
        index.streamRange(queries, radius, parts::add);
        assertThat(lines(parts)).isEqualTo(lines(index.searchRange(queries, radius).neighbors()));
        int most = parts.stream().mapToInt(FoundVectors::size).max().orElseThrow();
        assertThat(most).isBetween(1, 1 << 13);
    }

    @Test
    void findsOnlyWhatPasses() {
        VectorBlock queries = base.slice(0, 5);
        List<FoundVectors> parts = new ArrayList<>();
        Filter filter = index.filters().allowIf(id -> id % 10 == 3);
        index.streamRange(queries, 1000, filter, parts::add);
        assertThat(lines(parts)).hasSize(5 * VECTORS / 10);
        RangeOptions all = RangeOptions.of(1000);
        assertThat(lines(parts))
                .isEqualTo(lines(index.searchRange(queries, all, filter).neighbors()));
    }

    @Test
    void whatTheTargetThrowsEndsTheSearch() {
        assertThatThrownBy(
                        () ->
                                index.streamRange(
                                        base,
                                        1000,
                                        found -> {
                                            throw new IllegalStateException("enough");
                                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
    }

    @Test
    void aTargetThatFailedIsNotCalledAgain() {
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(
                        () ->
                                index.streamRange(
                                        base,
                                        1000,
                                        found -> {
                                            if (calls.incrementAndGet() >= 3) {
                                                throw new IllegalStateException("full");
                                            }
                                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("full");
        assertThat(calls).hasValue(3);
    }

    @Test
    void aRadiusThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> index.streamRange(base, -1, found -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("radius is -1.0, but l2 has no distances below 0; use 0 or more");
    }
}
