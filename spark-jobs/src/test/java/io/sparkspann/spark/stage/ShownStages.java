package io.sparkspann.spark.stage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;

/** What Spark's user interface would show of jobs and stages. */
public final class ShownStages extends SparkListener {
    private final List<String> stages = new CopyOnWriteArrayList<>();
    private final List<String> jobs = new CopyOnWriteArrayList<>();

    private ShownStages() {}

    /** Work that runs jobs. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    public static ShownStages of(SparkContext context, Work work) throws Exception {
        ShownStages shown = new ShownStages();
        // What ran before is no part of it.
        context.listenerBus().waitUntilEmpty();
        context.addSparkListener(shown);
        try {
            work.run();
            context.listenerBus().waitUntilEmpty();
        } finally {
            context.removeSparkListener(shown);
        }
        return shown;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        jobs.add(String.valueOf(job.properties().getProperty("spark.job.description")));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted stage) {
        stages.add(stage.stageInfo().name());
    }

    /** Names of the stages that ran, in the order in which they ended. */
    public List<String> stages() {
        return List.copyOf(stages);
    }

    /** Descriptions of the jobs; {@code null} in words for those without. */
    public List<String> jobs() {
        return List.copyOf(jobs);
    }
}
