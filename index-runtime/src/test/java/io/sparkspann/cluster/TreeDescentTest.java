package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.TrueDistance;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeDescentTest {
    private record Head(float distance, int number) {}

    private static List<Head> list(NearestLists lists, int query) {
        List<Head> list = new ArrayList<>();
        for (int r = 0; r < lists.size(query); r++) {
            list.add(new Head(lists.distance(query, r), lists.number(query, r)));
        }
        return list;
    }

    @ParameterizedTest
    @CsvSource({
        "L2,UINT8,1",
        "L2,UINT8,14",
        "L2,INT8,14",
        "L2,FLOAT32,1",
        "L2,FLOAT32,14",
        "IP,UINT8,14",
        "COSINE,FLOAT32,14",
        "COSINE,INT8,3"
    })
    void headsAreThoseOfASearchForManyQueries(Metric metric, ElementType type, int groups) {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, type, 17, 2500, 31);
        VectorSpace space = SampleVectors.space(metric, block);
        SampleForest forest = SampleForest.of(space, block, groups, 3);
        int d = space.embeddedDimensions();
        float[] rows = SampleForest.embedded(space, block.slice(0, 120));
        TreeSearch.Demand demand =
                (query, nearest) -> 1 + Math.floorMod(Float.floatToIntBits(nearest) >> 8, 30);
        NearestLists wanted = new NearestLists(30);
        new TreeSearch(forest, TreeSearch.Beam.of(30)).search(rows, 120, wanted, demand);
        TreeDescent descent = new TreeDescent(new ResidentForest(forest), TreeSearch.Beam.of(30));
        NearestLists found = new NearestLists(30);
        for (int i = 0; i < 120; i++) {
            descent.search(Arrays.copyOfRange(rows, i * d, (i + 1) * d), found, demand);
            assertThat(list(found, 0)).as("row %d", i).isEqualTo(list(wanted, i));
        }
    }

    @Test
    void aWideBeamFindsTheTrueNearest() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.UINT8, 9, 1200, 32);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        SampleForest forest = SampleForest.of(space, block, 5, 4);
        float[] heads = forest.headRows();
        TreeDescent descent =
                new TreeDescent(new ResidentForest(forest), new TreeSearch.Beam(1000, 10_000));
        NearestLists found = new NearestLists(7);
        for (int i = 0; i < 100; i++) {
            float[] query = SampleVectors.row(block, i);
            descent.search(query, found, (one, nearest) -> 7);
            double[] distances = new double[forest.heads()];
            for (int h = 0; h < distances.length; h++) {
                float[] head = Arrays.copyOfRange(heads, h * 9, h * 9 + 9);
                distances[h] = TrueDistance.of(Metric.L2, query, head);
            }
            int[] order =
                    java.util.stream.IntStream.range(0, distances.length)
                            .boxed()
                            .sorted(java.util.Comparator.comparingDouble(h -> distances[h]))
                            .mapToInt(h -> h)
                            .limit(7)
                            .toArray();
            assertThat(list(found, 0).stream().mapToInt(Head::number)).containsExactly(box(order));
        }
    }

    private static Integer[] box(int[] numbers) {
        return Arrays.stream(numbers).boxed().toArray(Integer[]::new);
    }

    /** The nearest leaf is empty and the beam has no other. */
    @Test
    void whereTheBeamIsEmptyAllLeavesAreSearched() {
        VectorBlock block = VectorBlock.ofFloats(1, new float[] {0, 10, 11, 20, 21, 22, 40, 41});
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        int[] all = {0, 4};
        Router router =
                new Router(
                        Geometry.euclidean(1),
                        all,
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
        TreeDescent descent =
                new TreeDescent(new ResidentForest(forest), new TreeSearch.Beam(1, 4));
        NearestLists found = new NearestLists(8);
        descent.search(new float[] {99}, found, (one, nearest) -> 8);
        assertThat(found.size(0)).isEqualTo(8);
        descent.search(new float[] {21}, found, (one, nearest) -> 8);
        assertThat(found.size(0)).isEqualTo(3);
    }
}
