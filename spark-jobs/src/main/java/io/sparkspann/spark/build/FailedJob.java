package io.sparkspann.spark.build;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import scala.Option;

/**
 * The end of a job that failed. Spark says so at once, while other tasks of the job still write;
 * who removes what it made would leave what they write after that.
 */
public final class FailedJob {
    /** Jobs of the same group may run on, so no longer than this. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE_MILLIS = 20;

    private static final String GROUP = "spark.jobGroup.id";

    private FailedJob() {}

    /**
     * Waits until no task runs of the jobs of this thread's group, or for some seconds; not longer
     * if the thread is interrupted.
     */
    public static void awaitTasks(SparkContext context) {
        long start = System.nanoTime();
        String group = context.getLocalProperty(GROUP);
        try {
            while (isBusy(context.statusTracker(), group)
                    && System.nanoTime() - start < MOST_NANOS) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isBusy(SparkStatusTracker tracker, String group) {
        for (int id : tracker.getJobIdsForGroup(group)) {
            Option<SparkJobInfo> job = tracker.getJobInfo(id);
            if (job.isDefined() && isBusy(tracker, job.get())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBusy(SparkStatusTracker tracker, SparkJobInfo job) {
        for (int id : job.stageIds()) {
            Option<SparkStageInfo> stage = tracker.getStageInfo(id);
            if (stage.isDefined() && stage.get().numActiveTasks() > 0) {
                return true;
            }
        }
        return false;
    }
}
