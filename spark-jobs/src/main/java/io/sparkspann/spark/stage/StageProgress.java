package io.sparkspann.spark.stage;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;

/**
 * Tells how far the stages are that a thread runs under names of {@link StageName}: every ten
 * seconds a line about the tasks of the stage that runs, with the time that is left in it. Spark
 * calls it in a thread of its own.
 */
public final class StageProgress extends SparkListener {
    /** Marks the jobs of the thread, since others may run on the same session. */
    private static final String RUN = "spann.progress";

    private final SparkContext context;
    private final String run = UUID.randomUUID().toString();
    private final Settings settings;
    private final Consumer<String> lines;
    private final Map<Long, Stage> stages = new HashMap<>();
    private long lastMillis;
    private boolean stopped;

    /**
     * @param prefix of the names of the stages that count, left out in the lines
     * @param ends whether there is a line for each stage that has ended, too
     * @param periodMillis least time between two lines about tasks
     * @param clock tells milliseconds since 1970, as Spark's events do
     */
    record Settings(String prefix, boolean ends, long periodMillis, LongSupplier clock) {
        static Settings of(String prefix, boolean ends) {
            return new Settings(
                    prefix, ends, TimeUnit.SECONDS.toMillis(10), System::currentTimeMillis);
        }
    }

    private record Stage(String name, Pace pace) {}

    private StageProgress(SparkContext context, Settings settings, Consumer<String> lines) {
        this.context = context;
        this.settings = settings;
        this.lines = lines;
        this.lastMillis = settings.clock().getAsLong();
    }

    /**
     * Begins to tell of the jobs that this thread runs, until {@link #stop}.
     *
     * @param prefix of the names of the stages that count, such as {@code "spann build "}; it is
     *     left out in the lines
     */
    public static StageProgress ofTasks(
            SparkContext context, String prefix, Consumer<String> lines) {
        return start(context, Settings.of(prefix, false), lines);
    }

    /** The same, with a line for each stage that has ended. */
    public static StageProgress ofTasksAndStages(
            SparkContext context, String prefix, Consumer<String> lines) {
        return start(context, Settings.of(prefix, true), lines);
    }

    static StageProgress start(SparkContext context, Settings settings, Consumer<String> lines) {
        StageProgress progress = new StageProgress(context, settings, lines);
        context.setLocalProperty(RUN, progress.run);
        context.addSparkListener(progress);
        return progress;
    }

    /** Ends it; to be called in the thread that began. */
    public synchronized void stop() {
        stopped = true;
        context.setLocalProperty(RUN, null);
        context.removeSparkListener(this);
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        StageInfo info = submitted.stageInfo();
        boolean ours =
                submitted.properties() != null
                        && run.equals(submitted.properties().getProperty(RUN))
                        && info.name().startsWith(settings.prefix());
        if (ours) {
            String name = info.name().substring(settings.prefix().length());
            stages.put(
                    key(info.stageId(), info.attemptNumber()),
                    new Stage(name, new Pace(info.numTasks())));
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart task) {
        stage(task.stageId(), task.stageAttemptId())
                .ifPresent(
                        stage ->
                                stage.pace()
                                        .started(
                                                task.taskInfo().taskId(),
                                                task.taskInfo().launchTime()));
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
        stage(task.stageId(), task.stageAttemptId()).ifPresent(stage -> ended(stage, task));
    }

    private void ended(Stage stage, SparkListenerTaskEnd task) {
        long id = task.taskInfo().taskId();
        if (!task.taskInfo().successful()) {
            stage.pace().failed(id);
            return;
        }
        stage.pace().succeeded(id, task.taskInfo().index(), task.taskInfo().duration());
        long now = settings.clock().getAsLong();
        boolean last = stage.pace().done() == stage.pace().tasks();
        if (!last && now - lastMillis >= settings.periodMillis()) {
            String left =
                    stage.pace().leftMillis(now).stream()
                            .mapToObj(
                                    millis -> ", " + TimeLeft.text(millis) + " left in this stage")
                            .findFirst()
                            .orElse("");
            say(
                    "stage %s: %d of %d tasks done%s",
                    stage.name(), stage.pace().done(), stage.pace().tasks(), left);
        }
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
        StageInfo info = completed.stageInfo();
        Stage stage = stages.remove(key(info.stageId(), info.attemptNumber()));
        boolean timed = info.submissionTime().isDefined() && info.completionTime().isDefined();
        if (stage != null && settings.ends() && info.failureReason().isEmpty() && timed) {
            long millis = (Long) info.completionTime().get() - (Long) info.submissionTime().get();
            say("stage %s done in %.2f s", stage.name(), millis / 1000.0);
        }
    }

    private Optional<Stage> stage(int id, int attempt) {
        return Optional.ofNullable(stages.get(key(id, attempt)));
    }

    private static long key(int stage, int attempt) {
        return (long) stage << Integer.SIZE | attempt;
    }

    private void say(String format, Object... values) {
        if (!stopped) {
            lines.accept(String.format(Locale.ROOT, format, values));
            lastMillis = settings.clock().getAsLong();
        }
    }
}
