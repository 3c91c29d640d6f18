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
        return locate(firstHeads(), head);
    }

    /** The last index whose start is at most {@code number}. */
    private static int locate(int[] starts, int number) {
        int low = 0;
        int high = starts.length - 2;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
