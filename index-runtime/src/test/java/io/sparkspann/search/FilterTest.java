package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64Bitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/** Searches of an open index among some of its vectors. */
class FilterTest {
    private static final int N = 2500;
    private static final int QUERIES = 40;
    private static final int K = 10;
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final SearchOptions EVERYTHING = SearchOptions.ofProbes(K, 1_000_000, INFINITY);

    @TempDir Path folder;

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(Metric.L2, Shape.RANDOM, ElementType.FLOAT32),
                Arguments.of(Metric.L2, Shape.NEAR_DUPLICATES, ElementType.UINT8),
                Arguments.of(Metric.COSINE, Shape.NEAR_DUPLICATES, ElementType.FLOAT32),
                Arguments.of(Metric.COSINE, Shape.RANDOM, ElementType.UINT8),
                Arguments.of(Metric.IP, Shape.FAR_FROM_ORIGIN, ElementType.FLOAT32),
                Arguments.of(Metric.L1, Shape.FLAT, ElementType.FLOAT32),
                Arguments.of(Metric.HAMMING, Shape.RANDOM, ElementType.BITS),
                Arguments.of(Metric.LORENTZ, Shape.RANDOM, ElementType.FLOAT32),
                Arguments.of(Metric.POINCARE, Shape.RANDOM, ElementType.FLOAT32));
    }

    private FilteredIndex open(Metric metric, Shape shape, ElementType type) throws Exception {
        return new FilteredIndex(SampleVectors.of(metric, shape, type, 12, N, 77), metric, folder);
    }

    private FilteredIndex open() throws Exception {
        return open(Metric.L2, Shape.RANDOM, ElementType.FLOAT32);
    }

    private static List<LongPredicate> conditions() {
        return List.of(
                row -> true,
                FilteredIndex.share(0.5),
                FilteredIndex.share(0.01),
                row -> row >= 1000 && row < 1300,
                row -> row == 7,
                row -> false);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void all_postings_give_the_exact_neighbours_among_the_allowed(
            Metric metric, Shape shape, ElementType type) throws Exception {
        VectorBlock queries = SampleVectors.of(metric, shape, type, 12, QUERIES, 78);
        try (FilteredIndex filtered = open(metric, shape, type)) {
            SpannIndex index = filtered.index;
            for (LongPredicate rows : conditions()) {
                Filter filter = index.filters().allowIf(rows);
                Filter lazy = index.filters().lazy().allowIf(rows);
                Neighbors batch = index.searchBatch(queries, EVERYTHING, filter);
                Neighbors lazyBatch = index.searchBatch(queries, EVERYTHING, lazy);
                Neighbors exact = index.searchExact(queries, K, filter);
                Neighbors lazyExact = index.searchExact(queries, K, lazy);
                for (int q = 0; q < QUERIES; q++) {
                    float[] query = SampleVectors.row(queries, q);
                    List<Long> all = filtered.exact(query, rows);
                    List<Long> truth = all.subList(0, Math.min(K, all.size()));
                    assertThat(FilteredIndex.ids(batch, q)).as("batch").isEqualTo(truth);
                    assertThat(FilteredIndex.ids(lazyBatch, q)).as("lazy batch").isEqualTo(truth);
                    assertThat(FilteredIndex.ids(exact, q)).as("exact").isEqualTo(truth);
                    assertThat(FilteredIndex.ids(lazyExact, q)).as("lazy exact").isEqualTo(truth);
                    VectorBlock one = queries.slice(q, q + 1);
                    for (Filter either : List.of(filter, lazy)) {
                        Neighbors alone = index.search(one, EVERYTHING, either);
                        assertThat(FilteredIndex.ids(alone, 0)).as("alone").isEqualTo(truth);
                        float[] keys = filtered.keys(query);
                        for (int r = 0; r < truth.size(); r++) {
                            float key = keys[truth.get(r).intValue()];
                            assertThat(alone.distance(0, r))
                                    .isEqualTo(index.files().space().reported(key));
                        }
                    }
                }
            }
        }
    }

    /** However many are searched for at once, with few postings and with gathered vectors. */
    @ParameterizedTest
    @MethodSource("kinds")
    void queries_find_the_same_alone_and_together(Metric metric, Shape shape, ElementType type)
            throws Exception {
        VectorBlock queries = SampleVectors.of(metric, shape, type, 12, 400, 78);
        SearchOptions options = SearchOptions.ofProbes(K, 3, INFINITY);
        try (FilteredIndex filtered = open(metric, shape, type)) {
            SpannIndex index = filtered.index;
            for (LongPredicate rows : conditions()) {
                for (Filters filters : List.of(index.filters(), index.filters().lazy())) {
                    Filter filter = filters.allowIf(rows);
                    Neighbors together = index.searchBatch(queries, options, filter);
                    for (int q = 0; q < 100; q++) {
                        VectorBlock one = queries.slice(q, q + 1);
                        Neighbors alone = index.search(one, options, filter);
                        assertThat(FilteredIndex.ids(alone, 0))
                                .isEqualTo(FilteredIndex.ids(together, q));
                    }
                }
            }
        }
    }

    /** With and without gathered vectors, for evenly spread ones and for regions. */
    @Test
    void a_recall_target_holds_among_the_allowed() throws Exception {
        VectorBlock queries = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 12, 150, 78);
        SearchOptions options = SearchOptions.ofRecall(K, 0.9);
        try (FilteredIndex filtered = open()) {
            float[] middle = SampleVectors.row(queries, 3);
            TreeSet<Long> near =
                    new TreeSet<>(filtered.exact(middle, row -> true).subList(0, N / 3));
            for (LongPredicate rows :
                    List.<LongPredicate>of(
                            FilteredIndex.share(0.5),
                            FilteredIndex.share(0.1),
                            FilteredIndex.share(0.01),
                            near::contains,
                            row -> !near.contains(row))) {
                for (Filters filters :
                        List.of(filtered.index.filters(), filtered.index.filters().lazy())) {
                    Filter filter = filters.allowIf(rows);
                    Neighbors found = filtered.index.searchBatch(queries, options, filter);
                    double hits = 0;
                    int wanted = 0;
                    for (int q = 0; q < queries.size(); q++) {
                        List<Long> all = filtered.exact(SampleVectors.row(queries, q), rows);
                        List<Long> truth = all.subList(0, Math.min(K, all.size()));
                        List<Long> ids = FilteredIndex.ids(found, q);
                        assertThat(ids).hasSameSizeAs(truth).allMatch(rows::test);
                        wanted += truth.size();
                        hits += ids.stream().filter(truth::contains).count();
                    }
                    assertThat(hits / wanted).as("%s", filter).isGreaterThanOrEqualTo(0.9);
                }
            }
        }
    }

    @Test
    void few_vectors_are_gathered_once_and_need_no_postings() throws Exception {
        SearchOptions options = SearchOptions.ofProbes(K, 3, INFINITY);
        try (FilteredIndex filtered = open()) {
            Filter filter = filtered.index.filters().allowIf(row -> row % 100 == 0);
            ScanStats stats = new ScanStats();
            filtered.index.search(filtered.base.slice(0, 1), options, filter, stats);
            assertThat(stats.queries()).isEqualTo(1);
            assertThat(stats.probes()).isZero();
            assertThat(stats.distances()).isEqualTo(25);
            ScanStats lazy = new ScanStats();
            filtered.index.search(
                    filtered.base.slice(0, 1),
                    options,
                    filtered.index.filters().lazy().allowIf(row -> row % 100 == 0),
                    lazy);
            assertThat(lazy.probes()).isGreaterThan(20);
        }
    }

    @Test
    void bitmaps_and_lists_allow_and_deny() throws Exception {
        long[] ids = {3, 1999, 77, 77, -5, 1L << 32 | 8, N, 12};
        RoaringBitmap bitmap = RoaringBitmap.bitmapOf(3, 1999, 77, -5, N, 12);
        Roaring64Bitmap longs = Roaring64Bitmap.bitmapOf(ids);
        Roaring64NavigableMap signed = Roaring64NavigableMap.bitmapOf(ids);
        try (FilteredIndex filtered = open()) {
            for (Filters filters :
                    List.of(filtered.index.filters(), filtered.index.filters().lazy())) {
                for (Filter allow :
                        List.of(
                                filters.allow(bitmap),
                                filters.allow(bitmap.toMutableRoaringBitmap()),
                                filters.allow(longs),
                                filters.allow(signed),
                                filters.allowIds(ids),
                                filters.allowIds(List.of("3", "1999", "77", "12", "x", "03")),
                                filters.allowIfText(id -> bitmap.contains(Integer.parseInt(id))))) {
                    assertThat(everything(filtered, allow)).containsExactly(3L, 12L, 77L, 1999L);
                }
                for (Filter deny :
                        List.of(
                                filters.deny(bitmap),
                                filters.deny(longs),
                                filters.denyIds(ids),
                                filters.denyIds(List.of("3", "1999", "77", "12", "x", "03")))) {
                    assertThat(everything(filtered, deny))
                            .hasSize(N - 4)
                            .doesNotContain(3L, 12L, 77L, 1999L);
                }
            }
        }
    }

    private static TreeSet<Long> everything(FilteredIndex filtered, Filter filter) {
        SearchOptions all = SearchOptions.ofProbes(N, 1_000_000, INFINITY);
        Neighbors found = filtered.index.search(SampleVectors.row(filtered.base, 0), all, filter);
        return new TreeSet<>(FilteredIndex.ids(found, 0));
    }

    @Test
    void filters_are_counted_and_combined() throws Exception {
        try (FilteredIndex filtered = open()) {
            Filters filters = filtered.index.filters();
            Filter even = filters.allowIf(row -> row % 2 == 0);
            Filter third = filters.allowIf(row -> row % 3 == 0);
            Filter lazyThird = filters.lazy().allowIf(row -> row % 3 == 0);
            assertThat(even.count()).isEqualTo(N / 2);
            assertThat(even.and(third).count()).isEqualTo((N - 1) / 6 + 1);
            assertThat(lazyThird.count()).isEqualTo(-1);
            assertThat(even.and(lazyThird).count()).isEqualTo(-1);
            TreeSet<Long> sixth = everything(filtered, even.and(third));
            assertThat(sixth).hasSize((N - 1) / 6 + 1).allMatch(row -> row % 6 == 0);
            assertThat(everything(filtered, even.and(lazyThird))).isEqualTo(sixth);
            assertThat(everything(filtered, lazyThird.and(even))).isEqualTo(sixth);
            assertThat(even).hasToString("1250 vectors");
            assertThat(lazyThird).hasToString("a condition");
        }
    }

    @Test
    void single_exact_queries_take_filters() throws Exception {
        try (FilteredIndex filtered = open(Metric.L2, Shape.FLAT, ElementType.FLOAT32)) {
            LongPredicate rows = FilteredIndex.share(0.5);
            Filter filter = filtered.index.filters().allowIf(rows);
            float[] query = SampleVectors.row(filtered.base, 3);

            Neighbors nearest = filtered.index.searchExact(query, K, filter);
            Neighbors within =
                    filtered.index.searchRange(query, nearest.distance(0, K - 1), filter);

            List<Long> truth = filtered.exact(query, rows).subList(0, K);
            assertThat(FilteredIndex.ids(nearest, 0)).isEqualTo(truth);
            assertThat(FilteredIndex.ids(within, 0).subList(0, K)).isEqualTo(truth);
        }
    }

    @Test
    void a_filter_of_another_index_is_refused() throws Exception {
        Filter other;
        try (FilteredIndex filtered = open(Metric.L2, Shape.FLAT, ElementType.FLOAT32)) {
            other = filtered.index.filters().allowIf(row -> true);
        }
        try (FilteredIndex filtered = open()) {
            SpannIndex index = filtered.index;
            Filter own = index.filters().allowIf(row -> true);
            VectorBlock query = filtered.base.slice(0, 1);
            assertThatThrownBy(() -> index.search(query, EVERYTHING, other))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The filter is for snapshot")
                    .hasMessageEndingWith("; make the filter from the open index");
            assertThatThrownBy(() -> index.searchBatch(query, EVERYTHING, other))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> index.searchExact(query, 3, other))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> own.and(other)).isInstanceOf(InvalidInputException.class);
        }
    }
}
