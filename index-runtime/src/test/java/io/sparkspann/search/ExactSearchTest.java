package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exact search and range search, against a comparison with every vector. */
class ExactSearchTest {
    private static final int QUERIES = 20;

    /** Row and rank key of all base vectors, nearest first. */
    private record Truth(int[] rows, float[] keys) {
        static Truth of(VectorSpace space, VectorBlock base, float[] query) {
            int n = base.size();
            float[] keys = new float[n];
            for (int i = 0; i < n; i++) {
                keys[i] = space.exactKey(query, 0, SampleVectors.row(base, i), 0, 1);
            }
            int[] rows =
                    IntStream.range(0, n)
                            .boxed()
                            .sorted(
                                    Comparator.<Integer>comparingDouble(i -> keys[i])
                                            .thenComparing(Comparator.naturalOrder()))
                            .mapToInt(i -> i)
                            .toArray();
            float[] sorted = new float[n];
            for (int r = 0; r < n; r++) {
                sorted[r] = keys[rows[r]];
            }
            return new Truth(rows, sorted);
        }

        int within(float key) {
            int count = 0;
            while (count < keys.length && keys[count] <= key) {
                count++;
            }
            return count;
        }
    }

    @Property(tries = 150)
    void everyVectorIsFound(
            @ForAll Metric metric,
            @ForAll Shape shape,
            @ForAll ElementType type,
            @ForAll @IntRange(min = 1, max = 24) int d,
            @ForAll @IntRange(min = 1, max = 1200) int n,
            @ForAll @IntRange(min = 1, max = 3) int shards)
            throws IOException {
        if (!metric.accepts(type)) {
            return;
        }
        VectorBlock base = SampleVectors.of(metric, shape, type, d, n, 31L * n + d);
        VectorBlock queries = SampleVectors.of(metric, shape, type, d, QUERIES, 7);
        for (int i = 0; i < Math.min(n, QUERIES); i += 2) {
            base.copyTo(i, queries, i);
        }
        Path folder = Files.createTempDirectory("exact");
        try (SpannIndex index =
                SpannIndex.open(SampleIndex.build(base, metric, Math.min(n, shards), folder))) {
            check(index, SampleVectors.stored(metric, base), queries);
        } finally {
            Files.deleteIfExists(folder.resolve("base"));
            Files.delete(folder);
        }
    }

    private static void check(SpannIndex index, VectorBlock base, VectorBlock queries) {
        VectorSpace space = index.files().space();
        SplittableRandom random = new SplittableRandom(5);
        int k = random.nextInt(1, 40);
        Neighbors nearest = index.searchExact(queries, k);
        for (int q = 0; q < queries.size(); q++) {
            float[] query = SampleVectors.row(queries, q);
            Truth truth = Truth.of(space, base, query);
            requireEqual(truth, Math.min(k, base.size()), nearest, q);
            // On a border, between two, and all.
            float border = truth.keys()[random.nextInt(base.size())];
            for (float key : new float[] {border, Math.nextUp(border), Float.MAX_VALUE}) {
                double radius = space.reported(key);
                if (radius < 0 && !space.metric().isSimilarity()) {
                    continue;
                }
                int within = truth.within(key);
                RangeOptions all = RangeOptions.of(radius);
                Neighbors found = index.searchRange(queries.slice(q, q + 1), all).neighbors();
                requireEqual(truth, within, found, 0);
                int cap = 1 + within / 2;
                RangeOptions capped = RangeOptions.of(radius).withMaxResults(cap);
                RangeResult some = index.searchRange(queries.slice(q, q + 1), capped);
                requireEqual(truth, Math.min(cap, within), some.neighbors(), 0);
                assertThat(some.isCapped(0)).isEqualTo(within > cap);
            }
        }
    }

    private static void requireEqual(Truth truth, int count, Neighbors found, int query) {
        assertThat(found.count(query)).isEqualTo(count);
        for (int r = 0; r < count; r++) {
            assertThat(found.id(query, r)).isEqualTo(truth.rows()[r]);
            assertThat(Math.abs(found.distance(query, r))).isEqualTo(Math.abs(truth.keys()[r]));
        }
    }

    @Test
    void filteredSearchesFindAllThatPass(@TempDir Path folder) throws IOException {
        VectorBlock base = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 6, 2000, 3);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, Metric.L2, 2, folder))) {
            VectorSpace space = index.files().space();
            for (int step : new int[] {2, 37, 900}) {
                Filter filter = index.filters().allowIf(id -> id % step == 1);
                VectorBlock query = base.slice(7, 8);
                Truth all = Truth.of(space, base, SampleVectors.row(base, 7));
                int[] rows = IntStream.of(all.rows()).filter(i -> i % step == 1).toArray();
                Neighbors exact = index.searchExact(query, 25, filter);
                assertThat(exact.count(0)).isEqualTo(Math.min(25, rows.length));
                RangeOptions everything = RangeOptions.of(Float.MAX_VALUE);
                Neighbors within = index.searchRange(query, everything, filter).neighbors();
                assertThat(within.count(0)).isEqualTo(rows.length);
                for (int r = 0; r < exact.count(0); r++) {
                    assertThat(exact.id(0, r)).isEqualTo(rows[r]);
                    assertThat(within.id(0, r)).isEqualTo(rows[r]);
                }
            }
        }
    }

    @Test
    void inFewDimensionsMostDistancesAreNotComputed(@TempDir Path folder) throws IOException {
        for (Metric metric : Stream.of(Metric.values()).filter(ExactSearchTest::prunes).toList()) {
            VectorBlock base =
                    SampleVectors.of(metric, Shape.RANDOM, ElementType.FLOAT32, 3, 20000, 1);
            VectorBlock queries =
                    SampleVectors.of(metric, Shape.RANDOM, ElementType.FLOAT32, 3, 100, 2);
            try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, metric, 2, folder))) {
                ScanStats stats = new ScanStats();
                QueryRows rows = QueryRows.of(index.files().space(), queries);
                new BatchSearch(index, 1, stats).searchExact(rows, 10);
                assertThat((double) stats.distances() / queries.size() / base.size())
                        .as(metric.label())
                        .isLessThan(0.35);
            }
        }
    }

    private static boolean prunes(Metric metric) {
        return metric.accepts(ElementType.FLOAT32) && metric != Metric.IP;
    }

    @Test
    void aRadiusThatMakesNoSenseIsRefused(@TempDir Path folder) throws IOException {
        VectorBlock base = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 4, 50, 1);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, Metric.L2, 1, folder))) {
            float[] query = SampleVectors.row(base, 0);
            assertThatThrownBy(() -> index.searchRange(query, -1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("radius is -1.0, but l2 has no distances below 0; use 0 or more");
            assertThatThrownBy(() -> index.searchRange(query, Double.NaN))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(index.searchRange(query, 0).count(0)).isEqualTo(1);
        }
    }
}
