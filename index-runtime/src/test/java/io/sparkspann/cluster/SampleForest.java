package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;

/** A whole tree over a block of vectors, in memory. */
public final class SampleForest implements Forest {
    private final Router router;
    private final ShardTree[] trees;
    private final int[][] shardRows;
    private final int[] firstNodes;
    private final int[] firstHeads;

    private SampleForest(Router router, ShardTree[] trees, int[][] shardRows) {
        this.router = router;
        this.trees = trees;
        this.shardRows = shardRows;
        this.firstNodes = new int[trees.length + 1];
        this.firstHeads = new int[trees.length + 1];
        for (int s = 0; s < trees.length; s++) {
            firstNodes[s + 1] = firstNodes[s] + trees[s].nodeCount();
            firstHeads[s + 1] = firstHeads[s] + trees[s].headCount();
        }
    }

    /**
     * @param groups groups of three leaves each
     */
    public static SampleForest of(VectorSpace space, VectorBlock block, int groups, int shards) {
        Router router = router(space, block, groups, shards);
        NearestLists nearest = new NearestLists(1);
        nearest.reset(block.size());
        router.nearestLeaves(embedded(space, block), block.size(), nearest);
        ShardTree[] trees = new ShardTree[shards];
        int[][] shardRows = new int[shards][];
        for (int s = 0; s < shards; s++) {
            int first = router.shardStarts()[s];
            int leaves = router.shardStarts()[s + 1] - first;
            int[] rows = new int[block.size()];
            int[] bounds = new int[leaves + 1];
            int n = 0;
            for (int leaf = 0; leaf < leaves; leaf++) {
                for (int i = 0; i < block.size(); i++) {
                    if (nearest.number(i, 0) == first + leaf) {
                        rows[n++] = i;
                    }
                }
                bounds[leaf + 1] = n;
            }
            shardRows[s] = Arrays.copyOf(rows, n);
            int[] members = new int[n];
            Arrays.setAll(members, i -> i);
            trees[s] =
                    new ShardTreeBuilder(space, block.gather(shardRows[s]), 0.2, 1)
                            .build(members, bounds, s);
        }
        return new SampleForest(router, trees, shardRows);
    }

    public static SampleForest of(SampleVectors.Shape shape, int d, int n, int groups, int shards) {
        VectorBlock block =
                SampleVectors.of(shape, io.sparkspann.vector.ElementType.FLOAT32, d, n, 71);
        return of(
                SampleVectors.space(io.sparkspann.distance.Metric.L2, block),
                block,
                groups,
                shards);
    }

    public static float[] embedded(VectorSpace space, VectorBlock block) {
        int d = space.embeddedDimensions();
        float[] rows = new float[block.size() * d];
        for (int i = 0; i < block.size(); i++) {
            space.embed(block, i, rows, i * d);
        }
        return rows;
    }

    static Router router(VectorSpace space, VectorBlock block, int groups, int shards) {
        int d = space.embeddedDimensions();
        int leaves = 3 * groups;
        float[] rows = embedded(space, block);
        float[] leafCentroids = new float[leaves * d];
        float[] groupCentroids = new float[groups * d];
        int[] groupStarts = new int[groups + 1];
        for (int leaf = 0; leaf < leaves; leaf++) {
            int row = (int) ((long) leaf * block.size() / leaves);
            System.arraycopy(rows, row * d, leafCentroids, leaf * d, d);
            for (int j = 0; j < d; j++) {
                groupCentroids[leaf / 3 * d + j] += leafCentroids[leaf * d + j] / 3;
            }
            groupStarts[leaf / 3 + 1] = leaf + 1;
        }
        int[] shardStarts = new int[shards + 1];
        Arrays.setAll(shardStarts, s -> (int) ((long) s * leaves / shards));
        return new Router(
                Geometry.euclidean(d), groupStarts, groupCentroids, leafCentroids, shardStarts);
    }

    @Override
    public Router router() {
        return router;
    }

    @Override
    public ShardTree tree(int shard) {
        return trees[shard];
    }

    @Override
    public int[] firstHeads() {
        return firstHeads;
    }

    @Override
    public int[] firstNodes() {
        return firstNodes;
    }

    public int shards() {
        return trees.length;
    }

    public int heads() {
        return firstHeads[trees.length];
    }

    /** All heads, embedded. */
    public float[] headRows() {
        int d = router.dimensions();
        ForestHeads heads = new ForestHeads(this);
        float[] rows = new float[heads() * d];
        for (int h = 0; h < heads(); h++) {
            heads.copy(h, rows, h * d);
        }
        return rows;
    }

    /** Which row of the block each vector of a shard is. */
    public int[] shardRows(int shard) {
        return shardRows[shard];
    }
}
