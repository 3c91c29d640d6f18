package io.sparkspann.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnFixture;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreeFilesTest {
    private static final int D = 3;

    private static RouterFile.Content content() {
        SampleForest forest = SampleForest.of(Shape.RANDOM, D, 60, 2, 2);
        return new RouterFile.Content(forest.router(), forest.firstNodes(), forest.firstHeads());
    }

    @Test
    void routerComesBack() {
        RouterFile.Content content = content();
        SpnFixture fixture =
                new SpnFixture(FileKind.ROUTER, 0, out -> RouterFile.write(out, content));
        try (SpnFile file = fixture.open()) {
            RouterFile.Content back = RouterFile.read(file, Geometry.euclidean(D));
            assertThat(back.firstNodes()).isEqualTo(content.firstNodes());
            assertThat(back.firstHeads()).isEqualTo(content.firstHeads());
            Router router = content.router();
            assertThat(back.router().leafCount()).isEqualTo(6);
            assertThat(back.router().groupStarts()).isEqualTo(router.groupStarts());
            assertThat(back.router().shardStarts()).isEqualTo(router.shardStarts());
            assertThat(back.router().groupCentroids()).isEqualTo(router.groupCentroids());
            assertThat(back.router().leafCentroids()).isEqualTo(router.leafCentroids());
        }
        assertThat(
                        fixture.isRefused(
                                "dimensions",
                                file -> RouterFile.read(file, Geometry.euclidean(D + 1))))
                .isTrue();
    }

    @Test
    void forgedRouterIsRefusedOrMakesSense() {
        SpnFixture fixture =
                new SpnFixture(FileKind.ROUTER, 0, out -> RouterFile.write(out, content()));
        int[] tree;
        float[] centroids;
        try (SpnFile file = fixture.open()) {
            tree = file.readInts(SectionType.ROUTER_TREE);
            centroids = file.readFloats(SectionType.ROUTER_CENTROIDS);
        }
        for (int at = 0; at < tree.length; at++) {
            for (int value : SpnFixture.hostile(tree[at])) {
                int[] forged = tree.clone();
                forged[at] = value;
                SpnFixture file =
                        new SpnFixture(
                                FileKind.ROUTER,
                                0,
                                out -> {
                                    SpnFixture.ints(out, SectionType.ROUTER_TREE, forged);
                                    out.begin(SectionType.ROUTER_CENTROIDS);
                                    out.writeFloats(centroids, 0, centroids.length);
                                    out.end();
                                });
                boolean refused =
                        file.isRefused(
                                "tree[" + at + "] = " + value,
                                f -> RouterFile.read(f, Geometry.euclidean(D)));
                boolean fits =
                        Arrays.equals(Arrays.copyOf(forged, 4), Arrays.copyOf(tree, 4))
                                && isRuns(forged, 4, 2, 6)
                                && isRuns(forged, 7, 2, 6)
                                && isRuns(forged, 10, 2, forged[12])
                                && isRuns(forged, 13, 2, forged[15]);
                assertThat(refused).as("tree[%d] = %d", at, value).isEqualTo(!fits);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void headsComeBack(ElementType type) {
        for (Metric metric : Metric.values()) {
            if (!metric.accepts(type)) {
                continue;
            }
            VectorBlock block = SampleVectors.of(metric, Shape.RANDOM, type, D, 200, 91);
            VectorSpace space = SampleVectors.space(metric, block);
            SampleForest forest = SampleForest.of(space, block, 2, 2);
            ShardTree tree = forest.tree(1);
            SpnFixture fixture =
                    new SpnFixture(FileKind.HEADS, 1, out -> HeadsFile.write(out, tree));
            try (SpnFile file = fixture.open()) {
                ShardTree back = HeadsFile.read(file, space, forest.shardRows(1).length);
                assertThat(back.leafStarts()).isEqualTo(tree.leafStarts());
                assertThat(back.nodeStarts()).isEqualTo(tree.nodeStarts());
                assertThat(back.nodeCentroids()).isEqualTo(tree.nodeCentroids());
                assertThat(back.headRows()).isEqualTo(tree.headRows());
                assertThat(back.headCount()).isEqualTo(tree.headCount());
                for (int h = 0; h < tree.headCount(); h++) {
                    assertThat(SampleVectors.row(back.heads(), h))
                            .isEqualTo(SampleVectors.row(tree.heads(), h));
                }
            }
        }
    }

    @Test
    void forgedHeadsAreRefusedOrMakeSense() {
        VectorBlock block = SampleVectors.of(Shape.RANDOM, ElementType.UINT8, D, 40, 92);
        VectorSpace space = SampleVectors.space(Metric.L2, block);
        SampleForest forest = SampleForest.of(space, block, 1, 1);
        SpnFixture fixture =
                new SpnFixture(FileKind.HEADS, 0, out -> HeadsFile.write(out, forest.tree(0)));
        int[] tree;
        float[] centroids;
        byte[] vectors;
        int[] rows;
        try (SpnFile file = fixture.open()) {
            tree = file.readInts(SectionType.HEADS_TREE);
            centroids = file.readFloats(SectionType.HEADS_CENTROIDS);
            vectors = file.read(SectionType.HEADS_VECTORS);
            rows = file.readInts(SectionType.HEADS_ROWS);
        }
        for (int at = 0; at < tree.length + rows.length; at++) {
            int honest = at < tree.length ? tree[at] : rows[at - tree.length];
            for (int value : SpnFixture.hostile(honest)) {
                int[] forgedTree = tree.clone();
                int[] forgedRows = rows.clone();
                if (at < tree.length) {
                    forgedTree[at] = value;
                } else {
                    forgedRows[at - tree.length] = value;
                }
                SpnFixture file =
                        new SpnFixture(
                                FileKind.HEADS,
                                0,
                                out -> {
                                    SpnFixture.ints(out, SectionType.HEADS_TREE, forgedTree);
                                    out.begin(SectionType.HEADS_CENTROIDS);
                                    out.writeFloats(centroids, 0, centroids.length);
                                    out.end();
                                    SpnFixture.bytes(out, SectionType.HEADS_VECTORS, vectors);
                                    SpnFixture.ints(out, SectionType.HEADS_ROWS, forgedRows);
                                });
                boolean noticed =
                        file.isRefused(
                                "number " + at + " = " + value, f -> HeadsFile.read(f, space, 40));
                boolean fits =
                        Arrays.equals(Arrays.copyOf(forgedTree, 3), Arrays.copyOf(tree, 3))
                                && isRuns(forgedTree, 3, tree[0], tree[1])
                                && isRuns(forgedTree, 4 + tree[0], tree[1], tree[2])
                                && Arrays.stream(forgedRows).allMatch(r -> r >= 0 && r < 40);
                assertThat(noticed).as("number %d = %d", at, value).isEqualTo(!fits);
            }
        }
    }

    /** Whether {@code count + 1} numbers ascend from 0 to {@code end}. */
    private static boolean isRuns(int[] values, int from, int count, int end) {
        boolean runs = values[from] == 0 && values[from + count] == end;
        for (int i = from; i < from + count; i++) {
            runs &= values[i + 1] >= values[i];
        }
        return runs;
    }
}
