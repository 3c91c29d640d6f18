package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NeighborIteratorTest {
    private static final int N = 2500;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @TempDir Path folder;

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(Metric.L2, Shape.RANDOM, ElementType.FLOAT32),
                Arguments.of(Metric.L2, Shape.NEAR_DUPLICATES, ElementType.UINT8),
                Arguments.of(Metric.COSINE, Shape.NEAR_DUPLICATES, ElementType.FLOAT32),
                Arguments.of(Metric.IP, Shape.RANDOM, ElementType.UINT8),
                Arguments.of(Metric.IP, Shape.FAR_FROM_ORIGIN, ElementType.FLOAT32),
                Arguments.of(Metric.L1, Shape.FLAT, ElementType.FLOAT32),
                Arguments.of(Metric.L1, Shape.RANDOM, ElementType.UINT8),
                Arguments.of(Metric.LORENTZ, Shape.RANDOM, ElementType.FLOAT32),
                Arguments.of(Metric.POINCARE, Shape.RANDOM, ElementType.FLOAT32));
    }

    private FilteredIndex open(Metric metric, Shape shape, ElementType type) throws Exception {
        return new FilteredIndex(SampleVectors.of(metric, shape, type, 12, N, 77), metric, folder);
    }

    private static List<SearchOptions> options() {
        return List.of(
                SearchOptions.ofRecall(10, 0.9),
                SearchOptions.ofProbes(1, 1, 0),
                SearchOptions.ofProbes(50, 3, 0.1),
                SearchOptions.ofProbes(10_000, 8, INFINITY));
    }

    /** All that an iterator brings, checked. */
    private static List<Long> drain(
            FilteredIndex filtered, float[] query, SearchOptions options, Filter filter) {
        float[] keys = filtered.keys(query);
        NeighborIterator near = filtered.index.iterate(query, options, filter);
        List<Long> ids = new ArrayList<>();
        long probes = -1;
        int rounds = 0;
        float before = Float.NEGATIVE_INFINITY;
        while (near.next()) {
            float key = keys[(int) near.id()];
            assertThat(near.distance()).isEqualTo(filtered.index.files().space().reported(key));
            assertThat(near.idText()).isEqualTo(Long.toString(near.id()));
            if (near.stats().probes() > probes) {
                probes = near.stats().probes();
                rounds++;
            } else {
                assertThat(key).isGreaterThanOrEqualTo(before);
                if (key == before) {
                    assertThat(near.id()).isGreaterThan(ids.get(ids.size() - 1));
                }
            }
            before = key;
            ids.add(near.id());
            assertThat(near.count()).isEqualTo(ids.size());
        }
        assertThat(rounds).isLessThan(32);
        assertThat(near.next()).isFalse();
        assertThat(near.stats().queries()).isEqualTo(1);
        return ids;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void all_vectors_come_once_and_first_those_of_a_search(
            Metric metric, Shape shape, ElementType type) throws Exception {
        VectorBlock queries = SampleVectors.of(metric, shape, type, 12, 3, 78);
        try (FilteredIndex filtered = open(metric, shape, type)) {
            SpannIndex index = filtered.index;
            List<LongPredicate> conditions =
                    List.of(
                            FilteredIndex.share(0.5),
                            FilteredIndex.share(0.01),
                            row -> row >= 1000 && row < 1300,
                            row -> false);
            for (SearchOptions options : options()) {
                float[] query = SampleVectors.row(queries, options.k() % 3);
                check(filtered, query, options, Filter.ALL, row -> true);
                for (LongPredicate rows : conditions) {
                    check(filtered, query, options, index.filters().allowIf(rows), rows);
                    check(filtered, query, options, index.filters().lazy().allowIf(rows), rows);
                }
            }
        }
    }

    private static void check(
            FilteredIndex filtered,
            float[] query,
            SearchOptions options,
            Filter filter,
            LongPredicate rows) {
        List<Long> came = drain(filtered, query, options, filter);
        List<Long> wanted = filtered.exact(query, rows);
        assertThat(came).hasSameSizeAs(wanted).hasSameElementsAs(wanted);
        Neighbors found = filtered.index.search(query, options, filter);
        List<Long> first = FilteredIndex.ids(found, 0);
        assertThat(came.subList(0, first.size())).isEqualTo(first);
        assertThat(drain(filtered, query, options, filter)).isEqualTo(came);
    }

    @Test
    void with_all_postings_the_order_is_exact() throws Exception {
        SearchOptions all = SearchOptions.ofProbes(10, 1_000_000, INFINITY);
        try (FilteredIndex filtered = open(Metric.L2, Shape.NEAR_DUPLICATES, ElementType.UINT8)) {
            float[] query = SampleVectors.row(filtered.base, 5);
            assertThat(drain(filtered, query, all, Filter.ALL))
                    .isEqualTo(filtered.exact(query, row -> true));
            Filter few = filtered.index.filters().allowIf(row -> row % 50 == 0);
            assertThat(drain(filtered, query, SearchOptions.ofProbes(10, 1, 0), few))
                    .isEqualTo(filtered.exact(query, row -> row % 50 == 0));
        }
    }

    private static List<Long> ids(NeighborIterator near) {
        List<Long> ids = new ArrayList<>();
        while (near.next()) {
            ids.add(near.id());
        }
        return ids;
    }

    /** Queries are blocks: of words, or of the bytes that hold the same bits. */
    @Test
    void bits_are_queries_too() throws Exception {
        try (FilteredIndex filtered = open(Metric.HAMMING, Shape.RANDOM, ElementType.BITS)) {
            SpannIndex index = filtered.index;
            VectorBlock words = filtered.base.slice(5, 6);
            Filter half = index.filters().allowIf(FilteredIndex.share(0.5));
            List<Long> exact =
                    filtered.exact(SampleVectors.row(words, 0), FilteredIndex.share(0.5));
            SearchOptions all = SearchOptions.ofProbes(10, 1_000_000, INFINITY);
            SearchOptions few = SearchOptions.ofProbes(20, 3, INFINITY);
            for (VectorBlock query : List.of(words, SampleIndex.bytes(words))) {
                assertThat(ids(index.iterate(query, all, half))).isEqualTo(exact);
                List<Long> came = ids(index.iterate(query, few, half));
                assertThat(came).hasSameSizeAs(exact).hasSameElementsAs(exact);
                Neighbors found = index.search(query, few, half);
                assertThat(came.subList(0, found.count(0))).isEqualTo(FilteredIndex.ids(found, 0));
            }
            NeighborIterator near = index.iterate(words, all, half);
            words.floats()[0] = -words.floats()[0];
            assertThat(ids(near)).isEqualTo(exact);
            assertThatThrownBy(() -> index.iterate(filtered.base, all, half))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("2500 queries; iterate for each alone");
        }
    }

    /** What comes first is what a search for so many would find, or better. */
    @Test
    void the_first_ones_are_the_nearest_however_many() throws Exception {
        VectorBlock queries = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 12, 40, 78);
        try (FilteredIndex filtered = open(Metric.L2, Shape.RANDOM, ElementType.FLOAT32)) {
            Filter half = filtered.index.filters().lazy().allowIf(FilteredIndex.share(0.5));
            for (Filter filter : List.of(Filter.ALL, half)) {
                LongPredicate rows = filter == half ? FilteredIndex.share(0.5) : row -> true;
                for (int count : new int[] {10, 35, 100, 300}) {
                    double hits = 0;
                    for (int q = 0; q < queries.size(); q++) {
                        float[] query = SampleVectors.row(queries, q);
                        NeighborIterator near =
                                filtered.index.iterate(
                                        query, SearchOptions.ofRecall(10, 0.9), filter);
                        TreeSet<Long> truth =
                                new TreeSet<>(filtered.exact(query, rows).subList(0, count));
                        for (int i = 0; i < count; i++) {
                            assertThat(near.next()).isTrue();
                            hits += truth.contains(near.id()) ? 1 : 0;
                        }
                    }
                    assertThat(hits / count / queries.size())
                            .as("%s of %s", count, filter)
                            .isGreaterThanOrEqualTo(0.9);
                }
            }
        }
    }

    @Test
    void it_reads_no_more_than_is_asked_for() throws Exception {
        SearchOptions options = SearchOptions.ofProbes(10, 5, INFINITY);
        try (FilteredIndex filtered = open(Metric.L2, Shape.RANDOM, ElementType.FLOAT32)) {
            NeighborIterator near =
                    filtered.index.iterate(SampleVectors.row(filtered.base, 5), options);
            assertThat(near.stats().probes()).isZero();
            for (int i = 0; i < 10; i++) {
                near.next();
            }
            assertThat(near.stats().probes()).isEqualTo(5);
            near.next();
            assertThat(near.stats().probes()).isBetween(5 + 6L, 5 + 9L);
        }
    }

    @Test
    void wrong_uses_are_said() throws Exception {
        try (FilteredIndex filtered = open(Metric.L2, Shape.RANDOM, ElementType.FLOAT32)) {
            float[] query = SampleVectors.row(filtered.base, 5);
            SearchOptions options = SearchOptions.ofRecall(10, 0.9);
            NeighborIterator near = filtered.index.iterate(query, options);
            assertThatThrownBy(near::id)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("The iterator is at no neighbour; call next first");
            query[0] = Float.NaN;
            assertThat(near.next()).isTrue();
            assertThat(near.distance()).isZero();
            filtered.index.close();
            assertThatThrownBy(near::next).hasMessageStartingWith("The index is closed");
            assertThatThrownBy(() -> filtered.index.iterate(query, options))
                    .hasMessageStartingWith("The index is closed");
        }
    }
}
