package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;

/** The heads of all shards of a forest by their global numbers. One instance serves one thread. */
public final class ForestHeads implements RowSource {
    private final Forest forest;
    private int shard = -1;
    private ShardTree tree;

    public ForestHeads(Forest forest) {
        this.forest = forest;
    }

    @Override
    public Geometry geometry() {
        return forest.router().geometry();
    }

    @Override
    public void copy(int head, float[] target, int offset) {
        int[] firstHeads = forest.firstHeads();
        boolean inShard = shard >= 0 && head >= firstHeads[shard] && head < firstHeads[shard + 1];
        if (!inShard) {
            shard = forest.shardOfHead(head);
            tree = forest.tree(shard);
        }
        tree.copy(head - firstHeads[shard], target, offset);
    }
}
