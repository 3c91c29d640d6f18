package io.sparkspann.spark.storage;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Heap of an executor, which is the driver's in local mode.
 *
 * @param bytes greatest size
 * @param tasks that run on it at a time
 */
public record ExecutorHeap(long bytes, int tasks) {
    public static ExecutorHeap of(SparkContext context) {
        SparkConf settings = context.conf();
        if (context.isLocal()) {
            return new ExecutorHeap(Runtime.getRuntime().maxMemory(), context.defaultParallelism());
        }
        return new ExecutorHeap(
                settings.getSizeAsBytes("spark.executor.memory", "1g"),
                Math.max(1, settings.getInt("spark.executor.cores", 1)));
    }
}
