package io.sparkspann.cluster;

/**
 * The whole BKTree: a router and the trees of its shards, which may be loaded when they are asked
 * for. Thread-safe.
 */
public interface Forest {
    Router router();

    /** The tree of a shard. */
    ShardTree tree(int shard);

    /** {@code shards + 1} ascending numbers: heads are numbered through, shard by shard. */
    int[] firstHeads();

    /** {@code shards + 1} ascending numbers: nodes are numbered through, shard by shard. */
    int[] firstNodes();

    /** The shard of a head. */
    default int shardOfHead(int head) {
        return Starts.runOf(firstHeads(), head);
    }
}
