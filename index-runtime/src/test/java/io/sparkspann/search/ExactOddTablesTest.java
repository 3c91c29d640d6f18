package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorDomain;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exact search and range search on tables that try the bounds, with and without allow-lists. */
class ExactOddTablesTest {
    private static final int QUERIES = 12;

    @TempDir Path folder;

    /** What a table looks like. */
    private enum Table {
        ONE_VECTOR(1, 5),
        /** Zeros, where the metric has distances for them. */
        ALL_EQUAL(200, 5),
        /** Few different vectors, so that most keys tie. */
        DUPLICATES(700, 3),
        LINE(600, 1),
        /** Lengths over many orders of magnitude; hyperbolic points far out. */
        WIDE(900, 4),
        CLUSTERS(900, 20);

        final int rows;
        final int dimensions;

        Table(int rows, int dimensions) {
            this.rows = rows;
            this.dimensions = dimensions;
        }

        double component(int row, int j, SplittableRandom random) {
            return switch (this) {
                case ONE_VECTOR, LINE, WIDE -> random.nextGaussian();
                case ALL_EQUAL -> 0;
                case DUPLICATES -> random.nextInt(3) - 1;
                case CLUSTERS -> Math.sin(1 + row % 9 + 5 * j) + 0.02 * random.nextGaussian();
            };
        }
    }

    static Stream<Arguments> kinds() {
        return Arrays.stream(Metric.values())
                .flatMap(
                        metric ->
                                Arrays.stream(ElementType.values())
                                        .filter(metric::accepts)
                                        .flatMap(
                                                type ->
                                                        Arrays.stream(Table.values())
                                                                .map(
                                                                        table ->
                                                                                Arguments.of(
                                                                                        metric,
                                                                                        type,
                                                                                        table))));
    }

    private static VectorBlock vectors(
            Metric metric, ElementType type, Table table, int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int d = table.dimensions + (metric.domain() == VectorDomain.HYPERBOLOID ? 1 : 0);
        VectorBlock block = VectorBlock.allocate(type, d, n);
        float[] row = new float[d];
        for (int i = 0; i < n; i++) {
            double scale = table == Table.WIDE ? Math.pow(10, random.nextDouble(-3, 3)) : 1;
            for (int j = 0; j < d; j++) {
                row[j] = (float) (scale * table.component(i, j, random));
            }
            fit(metric.domain(), type, row);
            put(block, i, row);
        }
        return block;
    }

    private static void fit(VectorDomain domain, ElementType type, float[] row) {
        double length = Math.sqrt(SampleVectors.dot(row, row));
        switch (domain) {
            case ANY -> {}
            case NOT_ZERO -> row[0] = length < 1 && type.isByte() || length == 0 ? 1 : row[0];
            case UNIT_BALL -> {
                double most = type == ElementType.FLOAT16 ? 0.99 : 1 - 1e-6;
                for (int j = 0; j < row.length; j++) {
                    row[j] *= (float) (most / (1 + length));
                }
            }
            case HYPERBOLOID -> {
                double most = type == ElementType.FLOAT16 ? 0 : 1;
                double space = 0;
                for (int j = 1; j < row.length; j++) {
                    row[j] *= (float) most;
                    space += (double) row[j] * row[j];
                }
                row[0] = (float) Math.sqrt(1 + space);
            }
        }
    }

    private static void put(VectorBlock block, int i, float[] row) {
        int d = row.length;
        switch (block.type()) {
            case FLOAT32, FLOAT16 -> block.set(i, row);
            case BITS -> {
                for (int j = 0; j < d; j++) {
                    int word = Math.round(row[j] * 4) * 0x9E3779B9;
                    block.floats()[i * d + j] = Float.intBitsToFloat(word);
                }
            }
            case UINT8, INT8 -> {
                int least = block.type() == ElementType.UINT8 ? 0 : -128;
                for (int j = 0; j < d; j++) {
                    int value = Math.max(least, Math.min(127, Math.round(row[j] * 20)));
                    block.bytes()[i * d + j] = (byte) value;
                }
                if (block.isZero(i)) {
                    block.bytes()[i * d] = 1;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isBruteForce(Metric metric, ElementType type, Table table) throws Exception {
        VectorBlock base = vectors(metric, type, table, table.rows, 1);
        VectorBlock queries = vectors(metric, type, table, QUERIES, 2);
        base.copyTo(base.size() / 2, queries, 0);
        int shards = Math.min(2, table.rows);
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, metric, shards, folder))) {
            Checked checked = new Checked(index, SampleVectors.stored(metric, base), queries);
            checked.nearest(row -> true);
            checked.nearest(row -> row % 3 == 0);
            checked.within(row -> true);
            checked.within(row -> row % 7 == 0);
        }
    }

    /** An index and the vectors that it stores, by id. */
    private record Checked(SpannIndex index, VectorBlock base, VectorBlock queries) {
        private static final int K = 9;

        VectorSpace space() {
            return index.files().space();
        }

        float key(int query, int row) {
            float[] q = SampleVectors.row(queries, query);
            return space().exactKey(q, 0, SampleVectors.row(base, row), 0, 1);
        }

        List<Integer> sorted(int query, IntPredicate allowed) {
            return IntStream.range(0, base.size())
                    .filter(allowed)
                    .boxed()
                    .sorted(
                            Comparator.<Integer>comparingDouble(row -> key(query, row))
                                    .thenComparing(row -> row))
                    .toList();
        }

        long row(long ordinal) {
            int shard = index.ids().shardOf(ordinal);
            return index.ids().ofShard(shard).number(index.ids().position(shard, ordinal));
        }

        AllowList allow(IntPredicate rows) {
            long[] vectors = new long[AllowList.words(base.size())];
            for (int ordinal = 0; ordinal < base.size(); ordinal++) {
                if (rows.test((int) row(ordinal))) {
                    vectors[ordinal >> 6] |= 1L << ordinal;
                }
            }
            return AllowList.of(vectors, new long[AllowList.words(base.size())]);
        }

        void search(IntPredicate allowed, Collector collector) {
            QueryRows rows = QueryRows.of(space(), queries);
            ScanStats stats = new ScanStats();
            ExactSearch search = new ExactSearch(index.forest(), rows, allow(allowed), stats);
            for (int s = 0; s < index.files().shards(); s++) {
                search.search(s, index.radii(s), index.postings(s), collector);
            }
        }

        void nearest(IntPredicate allowed) {
            TopK top = new TopK(QUERIES, K, index.ids()::compare);
            search(allowed, top);
            Neighbors batch = index.searchExact(queries, K);
            for (int q = 0; q < QUERIES; q++) {
                List<Integer> nearest = sorted(q, allowed).stream().limit(K).toList();
                requireEqual(top, q, nearest);
                List<Integer> all = sorted(q, row -> true).stream().limit(K).toList();
                Neighbors one = index.searchExact(queries.slice(q, q + 1), K);
                assertThat(ids(batch, q)).isEqualTo(all);
                assertThat(ids(one, 0)).isEqualTo(all);
            }
        }

        void within(IntPredicate allowed) {
            for (int rank : new int[] {0, 5, 40}) {
                float limit = key(1, sorted(1, row -> true).get(Math.min(rank, base.size() - 1)));
                RangeHits hits = new RangeHits(QUERIES, limit, 0, index.ids()::compare);
                search(allowed, hits);
                hits.finish();
                for (int q = 0; q < QUERIES; q++) {
                    int query = q;
                    requireEqual(
                            hits,
                            q,
                            sorted(q, allowed).stream()
                                    .filter(row -> key(query, row) <= limit)
                                    .toList());
                }
            }
        }

        private void requireEqual(RankedLists lists, int query, List<Integer> rows) {
            assertThat(
                            IntStream.range(0, lists.size(query))
                                    .mapToObj(r -> (int) row(lists.ordinal(query, r))))
                    .containsExactlyElementsOf(rows);
            for (int r = 0; r < rows.size(); r++) {
                assertThat(lists.key(query, r)).isEqualTo(key(query, rows.get(r)) + 0f);
            }
        }

        private static List<Integer> ids(Neighbors found, int query) {
            return IntStream.range(0, found.count(query))
                    .mapToObj(r -> (int) found.id(query, r))
                    .toList();
        }
    }
}
