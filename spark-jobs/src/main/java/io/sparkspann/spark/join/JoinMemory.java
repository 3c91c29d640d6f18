package io.sparkspann.spark.join;

import io.sparkspann.spark.storage.ExecutorHeap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Memory that a join may take.
 *
 * @param taskBytes for the queries of a task; 0 leaves it open
 * @param treeBytes of an executor for heads and ids of shards; 0 leaves it open
 */
public record JoinMemory(long taskBytes, long treeBytes) {
    private static final long MOST_CHUNK_BYTES = 256L << 20;
    private static final long MOST_TREE_BYTES = 1L << 30;

    /** The shares of an executor's heap on which so many tasks run. */
    public static JoinMemory ofHeap(long heapBytes, int tasks) {
        return new JoinMemory(
                Math.min(MOST_CHUNK_BYTES, heapBytes / (6L * tasks)),
                Math.min(MOST_TREE_BYTES, heapBytes / 8));
    }

    /** Nothing is fixed. */
    static final JoinMemory BY_SETTINGS = new JoinMemory(0, 0);

    /** With what the settings say, else a share of the heap, where this is 0. */
    JoinMemory orBySettings(SparkContext context) {
        SparkConf settings = context.conf();
        ExecutorHeap heap = ExecutorHeap.of(context);
        JoinMemory share = ofHeap(heap.bytes(), heap.tasks());
        long task = settings.getSizeAsBytes(KnnJoin.CHUNK_BYTES_KEY, share.taskBytes + "b");
        long trees = settings.getSizeAsBytes(KnnJoin.TREE_BYTES_KEY, share.treeBytes + "b");
        return new JoinMemory(taskBytes > 0 ? taskBytes : task, treeBytes > 0 ? treeBytes : trees);
    }
}
