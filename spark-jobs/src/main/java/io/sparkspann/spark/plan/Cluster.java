package io.sparkspann.spark.plan;

import io.sparkspann.error.InvalidInputException;

/**
 * The machines of a job.
 *
 * @param executors number of executors
 * @param cores of each executor, a task runs on each
 * @param memoryBytes heap of each executor
 * @param bytesPerSecond what an executor reads or writes, storage and shuffles alike
 * @param requestSeconds until the storage answers a request
 */
public record Cluster(
        int executors, int cores, long memoryBytes, double bytesPerSecond, double requestSeconds) {
    private static final int MOST = 1_000_000;

    public Cluster {
        require(executors >= 1 && executors <= MOST, "executors", executors, "1 to " + MOST);
        require(cores >= 1 && cores <= 1024, "cores", cores, "1 to 1024");
        require(memoryBytes >= 1 << 20, "memory", memoryBytes, "1m or more");
        require(bytesPerSecond >= 1, "throughput", bytesPerSecond, "1 or more");
        require(
                requestSeconds >= 0 && requestSeconds <= 60,
                "request-millis",
                1000 * requestSeconds,
                "0 to 60000");
    }

    private static void require(boolean condition, String name, Number value, String range) {
        if (!condition) {
            throw new InvalidInputException(name + " is " + value + "; use " + range);
        }
    }

    /** Heap of an executor, shared by its tasks. */
    long taskHeapBytes() {
        return memoryBytes / cores;
    }

    /** Tasks that run at a time. */
    public int slots() {
        return Math.multiplyExact(executors, cores);
    }
}
