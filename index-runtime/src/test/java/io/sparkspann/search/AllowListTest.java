package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches that may find some vectors only. */
class AllowListTest {
    private static final int N = 3000;
    private static final int QUERIES = 150;
    private static final int K = 10;
    private static final ProbePolicy EVERYTHING =
            ProbePolicy.fixed(Integer.MAX_VALUE / 64, Double.POSITIVE_INFINITY);

    @TempDir Path folder;

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(Metric.L2, ElementType.FLOAT32),
                Arguments.of(Metric.L2, ElementType.UINT8),
                Arguments.of(Metric.COSINE, ElementType.FLOAT32),
                Arguments.of(Metric.IP, ElementType.UINT8));
    }

    /** An index whose ids are the rows of a block, open. */
    private final class Opened {
        final VectorBlock block;
        final IndexFiles files;
        final Forest forest;
        final IndexIds ids;
        final QueryRows queries;

        Opened(Metric metric, ElementType type) throws Exception {
            block = SampleVectors.of(Shape.RANDOM, type, 12, N + QUERIES, 77);
            files = IndexFiles.openCurrent(SampleIndex.build(block.slice(0, N), metric, 3, folder));
            forest = files.forest(Long.MAX_VALUE);
            ids = IndexIds.read(files);
            queries = QueryRows.of(files.space(), block.slice(N, N + QUERIES));
        }

        long row(long ordinal) {
            int shard = ids.shardOf(ordinal);
            return ids.ofShard(shard).number(ids.position(shard, ordinal));
        }

        AllowList allow(LongPredicate rows) {
            long[] vectors = new long[AllowList.words(N)];
            for (int ordinal = 0; ordinal < N; ordinal++) {
                if (rows.test(row(ordinal))) {
                    vectors[ordinal >> 6] |= 1L << ordinal;
                }
            }
            int[] firstHeads = forest.firstHeads();
            long[] heads = new long[AllowList.words(firstHeads[files.shards()])];
            for (int s = 0; s < files.shards(); s++) {
                int[] headRows = files.headRows(s);
                assertThat(headRows).isEqualTo(forest.tree(s).headRows());
                for (int h = 0; h < headRows.length; h++) {
                    if (rows.test(row(files.firstOrdinals()[s] + headRows[h]))) {
                        heads[firstHeads[s] + h >> 6] |= 1L << firstHeads[s] + h;
                    }
                }
            }
            return AllowList.of(vectors, heads);
        }

        List<List<Long>> search(ProbePolicy policy, AllowList allowed, ScanStats stats) {
            TopK top = new TopK(QUERIES, K, ids::compare);
            new ChunkSearch(files, forest, files::postings, ids::compare, stats)
                    .search(queries, 0, QUERIES, new Probing(policy, allowed), top);
            List<List<Long>> found = new ArrayList<>();
            for (int q = 0; q < QUERIES; q++) {
                List<Long> rows = new ArrayList<>();
                for (int r = 0; r < top.size(q); r++) {
                    rows.add(row(top.ordinal(q, r)));
                }
                found.add(rows);
            }
            return found;
        }

        List<List<Long>> exact(LongPredicate allowed) {
            int d = block.dimensions();
            List<List<Long>> found = new ArrayList<>();
            float[] vector = new float[d];
            for (int q = 0; q < QUERIES; q++) {
                float[] keys = new float[N];
                List<Long> rows = new ArrayList<>();
                for (int row = 0; row < N; row++) {
                    if (allowed.test(row)) {
                        block.copyTo(row, vector, 0);
                        keys[row] = files.space().exactKey(queries.rows(), q * d, vector, 0, 1);
                        rows.add((long) row);
                    }
                }
                rows.sort(
                        Comparator.<Long>comparingDouble(row -> keys[row.intValue()])
                                .thenComparingLong(row -> row));
                found.add(List.copyOf(rows.subList(0, Math.min(K, rows.size()))));
            }
            return found;
        }
    }

    private static LongPredicate share(double share) {
        TreeSet<Long> rows = new TreeSet<>();
        SplittableRandom random = new SplittableRandom(5);
        for (long row = 0; row < N; row++) {
            if (random.nextDouble() < share) {
                rows.add(row);
            }
        }
        return rows::contains;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void all_postings_give_the_exact_neighbours_among_the_allowed(Metric metric, ElementType type)
            throws Exception {
        Opened index = new Opened(metric, type);
        for (LongPredicate rows :
                List.<LongPredicate>of(
                        row -> true, share(0.5), share(0.01), row -> row == 7, row -> false)) {
            AllowList allowed = index.allow(rows);
            List<List<Long>> found = index.search(EVERYTHING, allowed, new ScanStats());
            List<List<Long>> exact = index.exact(rows);
            for (int q = 0; q < QUERIES; q++) {
                assertThat(found.get(q))
                        .as("query %s, %s allowed", q, allowed.count())
                        .isEqualTo(exact.get(q));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void lists_are_full_and_near_whatever_the_share(Metric metric, ElementType type)
            throws Exception {
        Opened index = new Opened(metric, type);
        ProbePolicy policy = ProbePolicy.fixed(12, Double.POSITIVE_INFINITY);
        double unrestricted = recall(index, policy, AllowList.ALL, row -> true);
        for (double share : new double[] {1, 0.5, 0.1, 0.03}) {
            LongPredicate rows = share(share);
            assertThat(recall(index, policy, index.allow(rows), rows))
                    .as("share %s", share)
                    .isGreaterThan(unrestricted - 0.03);
        }
    }

    private static double recall(
            Opened index, ProbePolicy policy, AllowList allowed, LongPredicate rows) {
        List<List<Long>> found = index.search(policy, allowed, new ScanStats());
        List<List<Long>> exact = index.exact(rows);
        int hits = 0;
        for (int q = 0; q < QUERIES; q++) {
            assertThat(found.get(q)).hasSameSizeAs(exact.get(q)).allMatch(rows::test);
            TreeSet<Long> both = new TreeSet<>(found.get(q));
            both.retainAll(exact.get(q));
            hits += both.size();
        }
        return (double) hits / (QUERIES * K);
    }

    /** All that is allowed may lie far away from a query. */
    @Test
    void allowed_vectors_are_found_far_away() throws Exception {
        Opened index = new Opened(Metric.L2, ElementType.FLOAT32);
        List<List<Long>> nearest = index.exact(row -> true);
        TreeSet<Long> near = new TreeSet<>();
        nearest.forEach(near::addAll);
        LongPredicate far = row -> !near.contains(row) && row % 5 == 0;
        ProbePolicy policy = ProbePolicy.fixed(12, Double.POSITIVE_INFINITY);
        assertThat(recall(index, policy, index.allow(far), far)).isGreaterThan(0.9);
    }

    @Test
    void only_allowed_records_are_scored() throws Exception {
        Opened index = new Opened(Metric.L2, ElementType.FLOAT32);
        ScanStats all = new ScanStats();
        ScanStats few = new ScanStats();
        index.search(EVERYTHING, AllowList.ALL, all);
        index.search(EVERYTHING, index.allow(row -> row % 100 == 0), few);
        assertThat(few.probes()).isEqualTo(all.probes());
        assertThat(few.distances()).isLessThan(all.distances() / 50);
    }

    /** A vector that no index can have is damage, and must come to light. */
    @Test
    void ordinals_beyond_the_list_are_not_hidden() {
        AllowList none = AllowList.of(new long[2], new long[1]);
        assertThat(none.contains(127)).isFalse();
        assertThat(none.contains(128)).isTrue();
        assertThat(none.count()).isZero();
        assertThat(AllowList.ALL.contains(1L << 32)).isTrue();
    }
}
