package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTreeBuilderTest {
    private static ShardTree build(VectorBlock block, Metric metric, double ratio, int... bounds) {
        int[] members = new int[bounds[bounds.length - 1]];
        Arrays.setAll(members, i -> i);
        return new ShardTreeBuilder(SampleVectors.space(metric, block), block, ratio, 1)
                .build(members, bounds, 3);
    }

    private static void checkShape(ShardTree tree, VectorBlock block, int... bounds) {
        assertThat(tree.leafCount()).isEqualTo(bounds.length - 1);
        assertThat(tree.leafStarts()[0]).isZero();
        assertThat(tree.leafStarts()[tree.leafCount()]).isEqualTo(tree.nodeCount());
        assertThat(tree.nodeStarts()[0]).isZero();
        assertThat(tree.nodeStarts()[tree.nodeCount()]).isEqualTo(tree.headCount());
        assertThat(tree.nodeCentroids()).hasSize(tree.nodeCount() * tree.dimensions());
        assertThat(tree.headRows()).hasSize(tree.headCount()).doesNotHaveDuplicates();
        for (int node = 0; node < tree.nodeCount(); node++) {
            assertThat(tree.nodeStarts()[node + 1]).isGreaterThan(tree.nodeStarts()[node]);
        }
        for (int leaf = 0; leaf < tree.leafCount(); leaf++) {
            int nodes = tree.leafStarts()[leaf + 1] - tree.leafStarts()[leaf];
            assertThat(nodes > 0).isEqualTo(bounds[leaf + 1] > bounds[leaf]);
            int from = tree.nodeStarts()[tree.leafStarts()[leaf]];
            int to = tree.nodeStarts()[tree.leafStarts()[leaf + 1]];
            for (int head = from; head < to; head++) {
                assertThat(tree.headRows()[head]).isBetween(bounds[leaf], bounds[leaf + 1] - 1);
                assertThat(SampleVectors.row(tree.heads(), head))
                        .isEqualTo(SampleVectors.row(block, tree.headRows()[head]));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0.08", "0.3", "1"})
    void headsAreMembersInTheWishedNumber(double ratio) {
        for (Shape shape : new Shape[] {Shape.RANDOM, Shape.FAR_FROM_ORIGIN}) {
            VectorBlock block = SampleVectors.of(shape, ElementType.FLOAT32, 8, 3000, 61);
            int[] bounds = {0, 1400, 1400, 2990, 3000};
            ShardTree tree = build(block, Metric.L2, ratio, bounds);
            checkShape(tree, block, bounds);
            assertThat((double) tree.headCount())
                    .as(shape.name())
                    .isCloseTo(3000 * ratio, within(3000 * ratio * 0.1 + 1.5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMetricAndByteTypeWorks(Metric metric) {
        for (ElementType type : ElementType.values()) {
            if (!metric.accepts(type)) {
                continue;
            }
            VectorBlock block = SampleVectors.of(metric, Shape.NEAR_DUPLICATES, type, 5, 400, 62);
            checkShape(build(block, metric, 0.1, 0, 100, 400), block, 0, 100, 400);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void equalVectorsStillGetTheirShareOfHeads(int n) {
        VectorBlock block = VectorBlock.ofFloats(4, new float[4 * n]);
        Arrays.fill(block.floats(), 1.5f);
        for (double ratio : new double[] {0.1, 0.5, 1}) {
            ShardTree tree = build(block, Metric.L2, ratio, 0, n);
            checkShape(tree, block, 0, n);
            assertThat(tree.headCount())
                    .isBetween((int) Math.max(1, n * ratio * 0.9), (int) (n * ratio * 1.1) + 1);
        }
    }

    @Test
    void leavesWithoutMembersHaveNoNodes() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 3, 5, 63);
        checkShape(build(block, Metric.L2, 0.5, 0, 0, 0, 5, 5), block, 0, 0, 0, 5, 5);
        ShardTree empty = build(block, Metric.L2, 0.5, 0, 0, 0);
        checkShape(empty, block, 0, 0, 0);
        assertThat(empty.headCount()).isZero();
    }

    @Test
    void sameSeedSameTree() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 8, 500, 64);
        ShardTree tree = build(block, Metric.COSINE, 0.2, 0, 300, 500);
        ShardTree again = build(block, Metric.COSINE, 0.2, 0, 300, 500);
        assertThat(again.headRows()).isEqualTo(tree.headRows());
        assertThat(again.nodeCentroids()).isEqualTo(tree.nodeCentroids());
        assertThat(again.nodeStarts()).isEqualTo(tree.nodeStarts());
    }
}
