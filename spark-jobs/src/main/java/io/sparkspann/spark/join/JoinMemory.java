package io.sparkspann.spark.join;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Memory that a join may take.
 *
 * @param taskBytes for the queries of a task; 0 leaves it open
 * @param treeBytes of an executor for the trees of shards; 0 leaves it open
 */
record JoinMemory(long taskBytes, long treeBytes) {
    private static final long MOST_CHUNK_BYTES = 256L << 20;
    private static final long MOST_TREE_BYTES = 1L << 30;

    /** Nothing is fixed. */
    static final JoinMemory BY_SETTINGS = new JoinMemory(0, 0);

    /** With what the settings say, else a share of the heap, where this is 0. */
    JoinMemory orBySettings(SparkContext context) {
        SparkConf settings = context.conf();
        boolean local = context.isLocal();
        long heap =
                local
                        ? Runtime.getRuntime().maxMemory()
                        : settings.getSizeAsBytes("spark.executor.memory", "1g");
        int tasks =
                local
                        ? context.defaultParallelism()
                        : Math.max(1, settings.getInt("spark.executor.cores", 1));
        long taskShare = Math.min(MOST_CHUNK_BYTES, heap / (6L * tasks));
        long task = settings.getSizeAsBytes(KnnJoin.CHUNK_BYTES_KEY, taskShare + "b");
        long treeShare = Math.min(MOST_TREE_BYTES, heap / 8);
        long trees = settings.getSizeAsBytes(KnnJoin.TREE_BYTES_KEY, treeShare + "b");
        return new JoinMemory(taskBytes > 0 ? taskBytes : task, treeBytes > 0 ? treeBytes : trees);
    }
}
