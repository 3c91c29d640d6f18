package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreeSearchTest {
    private record Near(float distance, int number) {}

    private static List<Near> list(NearestLists lists, int query) {
        List<Near> list = new ArrayList<>();
        for (int r = 0; r < lists.size(query); r++) {
            list.add(new Near(lists.distance(query, r), lists.number(query, r)));
        }
        return list;
    }

    /** Scores as a single tile would give them, all of them. */
    private static NearestLists brute(
            float[] rows, int n, float[] vectors, Geometry geometry, int k) {
        int d = geometry.dimensions();
        int count = vectors.length / d;
        VerticalBlocks packed = geometry.pack(vectors, 0, count);
        int lanes = packed.blockCount() * VerticalBlocks.LANES;
        float[] scores = new float[lanes];
        NearestLists lists = new NearestLists(k);
        lists.reset(n);
        for (int i = 0; i < n; i++) {
            int[] offset = {i * d};
            KernelProvider.kernels()
                    .score(rows, offset, 1, packed, 0, lanes / 16, scores, new int[1]);
            for (int v = 0; v < count; v++) {
                lists.offer(i, scores[v], v);
            }
            lists.sort(i);
        }
        return lists;
    }

    @ParameterizedTest
    @EnumSource(
            names = {"HAMMING", "JACCARD"},
            mode = EnumSource.Mode.EXCLUDE)
    void widestBeamIsBruteForceOverHeads(Metric metric) {
        VectorBlock block = SampleVectors.of(metric, Shape.RANDOM, ElementType.FLOAT32, 7, 900, 81);
        VectorSpace space = SampleVectors.space(metric, block);
        for (int[] shape : new int[][] {{1, 1}, {1, 3}, {5, 2}, {12, 4}}) {
            SampleForest forest = SampleForest.of(space, block, shape[0], shape[1]);
            int nodes = forest.firstNodes()[forest.shards()];
            TreeSearch.Beam all = new TreeSearch.Beam(forest.router().leafCount(), nodes);
            float[] rows = SampleForest.embedded(space, block.slice(0, 150));
            for (int k : new int[] {1, 10, forest.heads() + 5}) {
                NearestLists heads = new NearestLists(k);
                new TreeSearch(forest, all).search(rows, 150, heads);
                NearestLists wanted = brute(rows, 150, forest.headRows(), space.geometry(), k);
                for (int i = 0; i < 150; i++) {
                    assertThat(list(heads, i)).isEqualTo(list(wanted, i));
                }
            }
        }
    }

    @Test
    void aQueryThatNeedsFewHeadsSearchesAsIfAllDid() {
        SampleForest forest = SampleForest.of(Shape.RANDOM, 17, 3000, 14, 5);
        float[] rows = Arrays.copyOf(forest.headRows(), 90 * 17);
        NearestLists mixed = new NearestLists(40);
        TreeSearch wide = new TreeSearch(forest, TreeSearch.Beam.of(40));
        float[] met = new float[90];
        wide.search(
                rows,
                90,
                mixed,
                (query, nearest) -> {
                    met[query] = nearest;
                    return 1 + query % 40;
                });
        int leaves = TreeSearch.Beam.of(40).leaves();
        for (int query = 0; query < 90; query++) {
            int length = 1 + query % 40;
            NearestLists alone = new NearestLists(length);
            TreeSearch.Beam beam = new TreeSearch.Beam(leaves, TreeSearch.Beam.of(length).nodes());
            float[] row = Arrays.copyOfRange(rows, query * 17, (query + 1) * 17);
            new TreeSearch(forest, beam).search(row, 1, alone);
            assertThat(list(mixed, query)).isEqualTo(list(alone, 0));
            // The rows are heads, so what they meet first is themselves.
            assertThat(met[query]).isEqualTo(mixed.distance(query, 0));
        }
    }

    @Test
    void resultDoesNotDependOnHowQueriesAreBatched() {
        SampleForest forest = SampleForest.of(Shape.RANDOM, 17, 3000, 14, 5);
        float[] rows = Arrays.copyOf(forest.headRows(), 170 * 17);
        TreeSearch search = new TreeSearch(forest, TreeSearch.Beam.of(40));
        // Each its own, by what it meets first.
        TreeSearch.Demand demand =
                (query, nearest) -> 1 + Math.floorMod(Float.floatToIntBits(nearest) >> 8, 40);
        NearestLists together = new NearestLists(40);
        search.search(rows, 170, together, demand);
        for (int group : new int[] {1, 3, 64}) {
            NearestLists apart = new NearestLists(40);
            for (int from = 0; from < 170; from += group) {
                int n = Math.min(group, 170 - from);
                float[] some = Arrays.copyOfRange(rows, from * 17, (from + n) * 17);
                search.search(some, n, apart, demand);
                for (int i = 0; i < n; i++) {
                    assertThat(list(apart, i)).isEqualTo(list(together, from + i));
                }
            }
        }
    }

    /** Leaf 1 is empty and the nearest of the first row, leaf 2 holds the nearest of the second. */
    @Test
    void rowsInEmptyLeavesDoNotWidenTheSearchOfOthers() {
        float[] points = {0, 10, 11, 20, 21, 22, 40, 41};
        VectorBlock block = VectorBlock.ofFloats(1, points);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        Router router =
                new Router(
                        Geometry.euclidean(1),
                        new int[] {0, 4},
                        new float[1],
                        new float[] {5, 100, 21, 40},
                        new int[] {0, 4});
        ShardTree tree =
                new ShardTreeBuilder(space, block, 1, 0)
                        .build(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, new int[] {0, 3, 3, 6, 8}, 1);
        Forest forest =
                new CachedForest(
                        new RouterFile.Content(
                                router,
                                new int[] {0, tree.nodeCount()},
                                new int[] {0, tree.headCount()}),
                        shard -> tree,
                        Long.MAX_VALUE);
        TreeSearch search = new TreeSearch(forest, new TreeSearch.Beam(1, 4));
        NearestLists alone = new NearestLists(8);
        search.search(new float[] {21}, 1, alone);
        NearestLists together = new NearestLists(8);
        search.search(new float[] {99, 21}, 2, together);
        assertThat(list(together, 1)).isEqualTo(list(alone, 0));
        assertThat(alone.size(0)).isEqualTo(3);
        assertThat(together.size(0)).isEqualTo(8);
    }

    @Test
    void everyHeadFindsItself() {
        SampleForest forest = SampleForest.of(Shape.RANDOM, 9, 1500, 10, 4);
        float[] rows = forest.headRows();
        NearestLists heads = new NearestLists(1);
        new TreeSearch(forest, new TreeSearch.Beam(4, 8)).search(rows, forest.heads(), heads);
        int found = 0;
        for (int h = 0; h < forest.heads(); h++) {
            found += heads.number(h, 0) == h ? 1 : 0;
        }
        assertThat(found).isGreaterThan(forest.heads() * 98 / 100);
    }

    @Test
    void nearestLeavesAreThoseOfBruteForce() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 6, 700, 82);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        for (int groups : new int[] {1, 7, 30}) {
            Router router = SampleForest.router(space, block, groups, 4);
            float[] rows = SampleForest.embedded(space, block);
            NearestLists nearest = new NearestLists(3 * groups);
            nearest.reset(700);
            router.nearestLeaves(rows, 700, nearest);
            NearestLists wanted =
                    brute(rows, 700, router.leafCentroids(), Geometry.euclidean(6), 3 * groups);
            for (int i = 0; i < 700; i++) {
                assertThat(list(nearest, i)).isEqualTo(list(wanted, i));
            }
        }
    }

    @Test
    void everyLeafAndHeadHasItsShard() {
        SampleForest forest = SampleForest.of(Shape.RANDOM, 3, 300, 4, 5);
        for (int s = 0; s < 5; s++) {
            for (int h = forest.firstHeads()[s]; h < forest.firstHeads()[s + 1]; h++) {
                assertThat(forest.shardOfHead(h)).isEqualTo(s);
            }
        }
        float[] centroids = new float[6];
        Router router =
                new Router(
                        Geometry.euclidean(1),
                        new int[] {0, 6},
                        new float[1],
                        centroids,
                        new int[] {0, 0, 2, 2, 6});
        int[] shards = new int[6];
        Arrays.setAll(shards, router::shardOf);
        assertThat(shards).containsExactly(1, 1, 3, 3, 3, 3);
    }
}
