package io.sparkspann.build;

import java.io.Serializable;

/**
 * Memory of a task beside its shard. None of it shapes the index.
 *
 * <p>A task needs at most about {@code 2 v (b + 45 r) + trees + passes + 64 MB}, where {@code v} is
 * the vectors that a shard is to hold (a shard has less than twice as many), {@code b} the bytes of
 * a vector and its id, {@code r} the replicas, and {@code trees} and {@code passes} are as below;
 * or, in the first stages, twice the 128 MB of the router's sample. Beyond that only a single
 * posting that is larger than all this counts.
 *
 * @param treeBytes for the trees of shards that are near to each other
 * @param passBytes for the records of the postings that are written in one pass, and their vectors
 */
record MemoryBudget(long treeBytes, long passBytes) implements Serializable {
    static final MemoryBudget DEFAULT = new MemoryBudget(96L << 20, 96L << 20);

    private static final long MOST_TREE_BYTES = 1L << 30;

    /**
     * As the default, with more for trees where there is more: the vectors of a shard are near to
     * some 50 shards, and trees that do not fit are loaded over and over.
     *
     * @param heapBytes heap that a task may count on
     */
    static MemoryBudget ofHeap(long heapBytes) {
        long trees = Math.max(DEFAULT.treeBytes, Math.min(MOST_TREE_BYTES, heapBytes / 3));
        return new MemoryBudget(trees, DEFAULT.passBytes);
    }
}
