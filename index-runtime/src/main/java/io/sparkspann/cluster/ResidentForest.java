package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;

/** A forest whose trees are all in memory, for one query at a time. Immutable and thread-safe. */
public final class ResidentForest {
    private final Forest forest;
    private final ShardTree[] trees;

    /** Takes over the trees of a forest; it should not evict them. */
    public ResidentForest(Forest forest) {
        this.forest = forest;
        this.trees = new ShardTree[forest.router().shardCount()];
        for (int s = 0; s < trees.length; s++) {
            trees[s] = forest.tree(s);
        }
    }

    public Forest forest() {
        return forest;
    }

    public ShardTree tree(int shard) {
        return trees[shard];
    }

    private Run heads(int node) {
        int shard = Starts.runOf(forest.firstNodes(), node);
        int local = node - forest.firstNodes()[shard];
        return trees[shard].headsOf(local, forest.firstHeads()[shard]);
    }

    /** Finds the nearest heads of a node for one row. */
    void scoreNode(int node, OneRow row, NearestLists heads) {
        row.score(heads(node), heads);
    }

    /** See {@link io.sparkspann.distance.ByteBlocks#touch}. */
    int touchNode(int node) {
        Run heads = heads(node);
        return heads.bytes() == null ? 0 : heads.bytes().touch(heads.firstBlock(), heads.blocks());
    }

    /** Finds the nearest nodes of a router leaf for one row. */
    void scoreLeaf(int leaf, OneRow row, NearestLists nodes) {
        int shard = forest.router().shardOf(leaf);
        int local = leaf - forest.router().shardStarts()[shard];
        row.score(trees[shard].nodesOf(local, forest.firstNodes()[shard]), nodes);
    }
}
