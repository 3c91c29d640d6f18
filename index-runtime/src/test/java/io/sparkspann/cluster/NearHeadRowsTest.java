package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.SampleVectors;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NearHeadRowsTest {
    @Test
    void headsAreThoseOfTheForestWhetherFetchedOrNot() {
        SampleForest forest = SampleForest.of(SampleVectors.Shape.RANDOM, 5, 600, 4, 3);
        int heads = forest.heads();
        int[] loads = new int[1];
        NearHeadRows rows = new NearHeadRows(counting(forest, loads));
        ForestHeads wanted = new ForestHeads(forest);
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 5; round++) {
            NearestLists lists = new NearestLists(1 + random.nextInt(12));
            lists.reset(40);
            for (int i = 0; i < 40; i++) {
                int first = random.nextInt(heads);
                for (int r = 0; r < random.nextInt(12); r++) {
                    lists.offer(i, r, (first + 7 * r) % heads);
                }
                lists.sort(i);
            }
            loads[0] = 0;
            rows.advance(lists, 0, 30);
            assertThat(loads[0]).isBetween(1, forest.shards());
            for (int head = 0; head < heads; head++) {
                assertThat(copy(rows, head)).isEqualTo(copy(wanted, head));
            }
        }
    }

    private static Forest counting(SampleForest forest, int[] loads) {
        return new Forest() {
            @Override
            public Router router() {
                return forest.router();
            }

            @Override
            public ShardTree tree(int shard) {
                loads[0]++;
                return forest.tree(shard);
            }

            @Override
            public int[] firstNodes() {
                return forest.firstNodes();
            }

            @Override
            public int[] firstHeads() {
                return forest.firstHeads();
            }
        };
    }

    private static float[] copy(RowSource source, int head) {
        float[] row = new float[source.dimensions() + 3];
        source.copy(head, row, 2);
        return row;
    }
}
