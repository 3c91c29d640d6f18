package io.sparkspann.spark.build;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;

/**
 * The end of a job that failed. Spark says so at once, while other tasks of the job still write;
 * who removes what it made would leave what they write after that.
 */
final class FailedJob {
    /** Other jobs may run, so no longer than this. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE_MILLIS = 20;

    private FailedJob() {}

    /** Waits until no task runs, or for some seconds; not longer if the thread is interrupted. */
    static void awaitTasks(SparkContext context) {
        long start = System.nanoTime();
        try {
            while (isBusy(context) && System.nanoTime() - start < MOST_NANOS) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isBusy(SparkContext context) {
        for (SparkExecutorInfo executor : context.statusTracker().getExecutorInfos()) {
            if (executor.numRunningTasks() > 0) {
                return true;
            }
        }
        return false;
    }
}
