package io.sparkspann.spark.stage;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;

/**
 * Names what Spark's user interface shows: the jobs that a thread runs meanwhile, their last
 * stages, and the stages that end with an RDD made meanwhile. What the thread called its jobs
 * before is restored, so nothing of it reaches jobs of the caller.
 *
 * <pre>{@code
 * routed = StageName.during(context, "spann join 2/4: route",
 *         () -> grouped.mapPartitions(this::route));
 * }</pre>
 *
 * <p>The last stage of a job is named by whoever runs the job.
 */
public final class StageName {
    /** Of a job, shown with its stages, too. */
    private static final String DESCRIPTION = "spark.job.description";

    /** What Spark takes for the place in the code that made an RDD or ran a job. */
    private static final String CALL_SITE = "callSite.short";

    private StageName() {}

    /** Work with a result. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /**
     * @param name such as {@code spann build 3/7: heads}
     */
    public static <T, E extends Exception> T during(
            SparkContext context, String name, Work<T, E> work) throws E {
        Map<String, String> former = new LinkedHashMap<>();
        for (String key : new String[] {DESCRIPTION, CALL_SITE}) {
            former.put(key, context.getLocalProperty(key));
            context.setLocalProperty(key, name);
        }
        try {
            return work.run();
        } finally {
            former.forEach(context::setLocalProperty);
        }
    }
}
