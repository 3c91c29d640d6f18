package io.sparkspann.build;

import java.io.Serializable;

/**
 * How many shards and router leaves a table gets, by the options.
 *
 * @param shards number of shards wished for
 * @param most vectors of a leaf, at most: what a shard is to hold. A shard is cut from whole leaves
 *     nearest to its due size, so it holds less than twice as many
 * @param leaves number of leaves wished for
 */
record ShardSizes(int shards, long most, int leaves) implements Serializable {
    /** Base vectors below one router leaf: about a thousand heads. */
    private static final int LEAF_VECTORS = 20_000;

    /** Leaves of a shard, at least: shards are made of whole leaves, so few would be uneven. */
    private static final int LEAVES_PER_SHARD = 8;

    /** Vectors of a leaf, at least, where the table is small for the number of shards. */
    private static final int LEAST_LEAF_VECTORS = 32;

    /** Below this no leaf is worth dividing. */
    private static final int LEAST_MOST = LEAVES_PER_SHARD * LEAST_LEAF_VECTORS;

    static ShardSizes of(BuildOptions options, TableShape table, long rows) {
        long most =
                options.shards() > 0
                        ? ceilDiv(rows, options.shards())
                        : Math.max(
                                shardVectors(options, table),
                                ceilDiv(rows, BuildOptions.MAX_SHARDS));
        int shards = shards(options, table, rows);
        long wished = Math.max(ceilDiv(rows, LEAF_VECTORS), (long) LEAVES_PER_SHARD * shards);
        int leaves = (int) Math.max(1, Math.min(wished, rows / LEAST_LEAF_VECTORS));
        return new ShardSizes(shards, Math.max(LEAST_MOST, most), leaves);
    }

    private static int shards(BuildOptions options, TableShape table, long rows) {
        if (options.shards() > 0) {
            return options.shards();
        }
        long byVectors = ceilDiv(rows, options.shardVectors());
        long byBytes = ceilDiv(rows * table.dimensions() * Float.BYTES, options.shardBytes());
        return (int) Math.max(1, Math.min(BuildOptions.MAX_SHARDS, Math.max(byVectors, byBytes)));
    }

    private static long shardVectors(BuildOptions options, TableShape table) {
        long byBytes = options.shardBytes() / ((long) table.dimensions() * Float.BYTES);
        return Math.min(options.shardVectors(), byBytes);
    }

    /** Leaves that one with too many vectors is divided into. */
    long parts(long vectors) {
        long size = Math.min(LEAF_VECTORS, Math.max(LEAST_LEAF_VECTORS, most / LEAVES_PER_SHARD));
        return ceilDiv(vectors, size);
    }

    /**
     * Parts for vectors that only their ids tell apart: few, for all are equally near to a query,
     * but small enough that chance makes none too large.
     */
    int evenParts(long vectors) {
        return Math.max(2, Math.toIntExact(ceilDiv(4 * vectors, 3 * most)));
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
