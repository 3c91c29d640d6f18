package io.sparkspann.build;

import java.io.Serializable;

/**
 * Memory of a task beside the vectors of its shard. None of it shapes the index.
 *
 * @param treeBytes for the trees of shards that are near to each other
 * @param passBytes for the records of the postings that are written in one pass, and their vectors
 */
record MemoryBudget(long treeBytes, long passBytes) implements Serializable {
    static final MemoryBudget DEFAULT = new MemoryBudget(96L << 20, 96L << 20);
}
