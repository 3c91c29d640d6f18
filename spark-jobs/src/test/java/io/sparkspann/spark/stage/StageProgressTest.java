package io.sparkspann.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.spark.SharedSpark;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
class StageProgressTest {
    private final SparkContext context;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    StageProgressTest(SparkSession spark) {
        this.context = spark.sparkContext();
    }

    private void count(String name, int tasks) {
        StageName.during(
                context,
                name,
                () ->
                        JavaSparkContext.fromSparkContext(context)
                                .parallelize(Collections.nCopies(tasks, 1), tasks)
                                .count());
    }

    private void told(boolean ends, long periodMillis) throws Exception {
        AtomicLong time = new AtomicLong(System.currentTimeMillis());
        StageProgress progress =
                StageProgress.start(
                        context,
                        new StageProgress.Settings(
                                "spann test ", ends, periodMillis, () -> time.addAndGet(1000)),
                        lines::add);
        try {
            count("spann test 1/2: first", 4);
            count("something else", 4);
            count("spann test 2/2: second", 3);
            context.listenerBus().waitUntilEmpty();
        } finally {
            progress.stop();
        }
        count("spann test 3/2: later", 4);
        context.listenerBus().waitUntilEmpty();
    }

    @Test
    void tells_of_tasks_and_of_the_time_that_is_left() throws Exception {
        told(false, 0);
        assertThat(lines)
                .hasSize(5)
                .allMatch(line -> line.endsWith(" left in this stage"))
                .contains("stage 1/2: first: 1 of 4 tasks done, a few seconds left in this stage");
        assertThat(lines.get(4)).startsWith("stage 2/2: second: 2 of 3 tasks done, ");
    }

    @Test
    void tells_of_stages_that_ended_if_asked_to() throws Exception {
        told(true, 1_000_000);
        assertThat(lines)
                .hasSize(2)
                .allMatch(line -> line.matches("stage ./2: [a-z]+ done in [0-9.]+ s"));
    }

    @Test
    void is_silent_for_a_period_after_a_line() throws Exception {
        // Each look at the clock is a second later: one at a time in which nothing is said, and
        // two when something is.
        told(false, 3000);
        assertThat(lines).hasSizeBetween(1, 2);
    }

    @Test
    void tells_nothing_of_jobs_of_others() throws Exception {
        ExecutorService others = Executors.newSingleThreadExecutor();
        // A thread takes over what is set in its parent when it begins.
        others.submit(() -> {}).get();
        StageProgress progress =
                StageProgress.start(
                        context,
                        new StageProgress.Settings("spann test ", true, 0, () -> 0),
                        lines::add);
        try {
            others.submit(() -> count("spann test 1/2: first", 3)).get();
            context.listenerBus().waitUntilEmpty();
        } finally {
            progress.stop();
            others.shutdown();
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void marks_no_job_after_it_has_ended() throws Exception {
        told(false, 0);
        assertThat(context.getLocalProperty("spann.progress")).isNull();
    }
}
