package io.sparkspann.spark.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;

/**
 * Tells how far a join is: a line for each stage that has ended, and every ten seconds one about
 * the tasks of the stage that runs. Spark calls it in a thread of its own.
 */
final class JoinProgress extends SparkListener {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SparkContext context;
    private final List<String> names;
    private final Consumer<String> lines;

    /** Stages of the join, in the order in which they run. */
    private final List<StageInfo> stages = new ArrayList<>();

    private final int[] tasksDone;
    private long lastNanos = System.nanoTime();
    private boolean stopped;

    private JoinProgress(SparkContext context, List<String> names, Consumer<String> lines) {
        this.context = context;
        this.names = names;
        this.tasksDone = new int[names.size()];
        this.lines = lines;
    }

    /**
     * Begins to listen; the next job that Spark runs is the join.
     *
     * @param names of its stages, in the order in which they run
     */
    static JoinProgress start(SparkContext context, List<String> names, Consumer<String> lines) {
        JoinProgress progress = new JoinProgress(context, names, lines);
        context.addSparkListener(progress);
        return progress;
    }

    synchronized void stop() {
        stopped = true;
        context.removeSparkListener(this);
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
        if (stages.isEmpty() && job.stageInfos().size() == names.size()) {
            for (int i = 0; i < names.size(); i++) {
                stages.add(job.stageInfos().apply(i));
            }
            // Spark numbers a stage after those that it needs.
            stages.sort((a, b) -> Integer.compare(a.stageId(), b.stageId()));
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        int stage = indexOf(task.stageId());
        if (stage < 0 || !task.taskInfo().successful()) {
            return;
        }
        tasksDone[stage]++;
        if (System.nanoTime() - lastNanos >= PERIOD_NANOS) {
            int tasks = stages.get(stage).numTasks();
            say("stage %s: %d of %d tasks done", names.get(stage), tasksDone[stage], tasks);
        }
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
        StageInfo info = completed.stageInfo();
        int stage = indexOf(info.stageId());
        if (stage >= 0 && info.failureReason().isEmpty() && info.completionTime().isDefined()) {
            long millis = (Long) info.completionTime().get() - (Long) info.submissionTime().get();
            say("stage %s done in %.2f s", names.get(stage), millis / 1000.0);
        }
    }

    private int indexOf(int stageId) {
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).stageId() == stageId) {
                return i;
            }
        }
        return -1;
    }

    private void say(String format, Object... values) {
        if (!stopped) {
            lines.accept(String.format(Locale.ROOT, format, values));
            lastNanos = System.nanoTime();
        }
    }
}
