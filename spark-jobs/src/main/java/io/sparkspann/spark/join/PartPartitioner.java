package io.sparkspann.spark.join;

import org.apache.spark.Partitioner;

/** Sends a key to the partition of that number. */
final class PartPartitioner extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int parts;

    PartPartitioner(int parts) {
        this.parts = parts;
    }

    @Override
    public int numPartitions() {
        return parts;
    }

    @Override
    public int getPartition(Object key) {
        return (Integer) key;
    }
}
