package io.sparkspann.cluster;

import io.sparkspann.distance.ByteBlocks;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.ElementType;

/**
 * A forest whose trees are all in memory, made ready for one query at a time: heads of bytes are
 * packed once more as bytes, for a single query is bound by the memory that it reads. Memory beside
 * that of the trees: a byte for each component of a head, for l2 over bytes only. Immutable and
 * thread-safe.
 */
public final class ResidentForest {
    private final Forest forest;
    private final ShardTree[] trees;
    private final ByteBlocks[] byteHeads;

    /** Takes over the trees of a forest; it should not evict them. */
    public ResidentForest(Forest forest) {
        this.forest = forest;
        this.trees = new ShardTree[forest.router().shardCount()];
        this.byteHeads = new ByteBlocks[trees.length];
        for (int s = 0; s < trees.length; s++) {
            trees[s] = forest.tree(s);
            VectorSpace space = trees[s].space();
            if (space.metric() == Metric.L2 && space.type().isByte()) {
                boolean unsigned = space.type() == ElementType.UINT8;
                byteHeads[s] = ByteBlocks.narrowed(trees[s].packedHeads(), unsigned);
            }
        }
    }

    public Forest forest() {
        return forest;
    }

    public ShardTree tree(int shard) {
        return trees[shard];
    }

    /** Finds the nearest heads of a node for one row. */
    void scoreNode(int node, OneRow row, NearestLists heads) {
        int shard = Starts.runOf(forest.firstNodes(), node);
        ShardTree tree = trees[shard];
        int local = node - forest.firstNodes()[shard];
        int start = tree.nodeStarts()[local];
        int size = tree.nodeStarts()[local + 1] - start;
        int firstHead = forest.firstHeads()[shard] + start;
        if (byteHeads[shard] != null) {
            row.score(byteHeads[shard], tree.nodeBlock(local), size, firstHead, heads);
        } else {
            row.score(tree.packedHeads(), tree.nodeBlock(local), size, firstHead, heads);
        }
    }

    /** See {@link ByteBlocks#touch}. */
    int touchNode(int node) {
        int shard = Starts.runOf(forest.firstNodes(), node);
        if (byteHeads[shard] == null) {
            return 0;
        }
        ShardTree tree = trees[shard];
        int local = node - forest.firstNodes()[shard];
        int size = tree.nodeStarts()[local + 1] - tree.nodeStarts()[local];
        return byteHeads[shard].touch(tree.nodeBlock(local), VerticalBlocks.blocks(size));
    }

    /** Finds the nearest nodes of a router leaf for one row. */
    void scoreLeaf(int leaf, OneRow row, NearestLists nodes) {
        int shard = forest.router().shardOf(leaf);
        ShardTree tree = trees[shard];
        int local = leaf - forest.router().shardStarts()[shard];
        int start = tree.leafStarts()[local];
        int size = tree.leafStarts()[local + 1] - start;
        int firstNode = forest.firstNodes()[shard] + start;
        VerticalBlocks packed = tree.packedNodes();
        row.score(packed, tree.leafBlock(local), size, firstNode, nodes);
    }
}
