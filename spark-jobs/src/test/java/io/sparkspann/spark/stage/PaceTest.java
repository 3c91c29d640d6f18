package io.sparkspann.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private static Pace pace(int tasks, int slots, int done, long millis) {
        Pace pace = new Pace(tasks);
        for (int i = 0; i < slots; i++) {
            pace.started(i, 0);
        }
        for (int i = 0; i < done; i++) {
            pace.succeeded(i, i, millis);
            if (i + slots < tasks) {
                pace.started(i + slots, millis * (1 + i / slots));
            }
        }
        return pace;
    }

    @Test
    void nothing_is_known_before_a_task_has_ended() {
        Pace pace = pace(8, 4, 0, 1000);
        assertThat(pace.leftMillis(5000)).isEmpty();
        pace.failed(0);
        assertThat(pace.leftMillis(5000)).isEmpty();
        assertThat(pace.done()).isZero();
    }

    @Test
    void tasks_share_the_slots() {
        // 12 of 40 done, on 4 slots at a second each: 28 seconds of work, 7 to wait for.
        assertThat(pace(40, 4, 12, 1000).leftMillis(3000)).hasValue(7000);
        assertThat(pace(40, 1, 12, 1000).leftMillis(12_000)).hasValue(28_000);
    }

    @Test
    void what_running_tasks_have_done_counts() {
        assertThat(pace(40, 4, 12, 1000).leftMillis(3500)).hasValue(6500);
        // No task has less than nothing left.
        assertThat(pace(40, 4, 12, 1000).leftMillis(60_000)).hasValue(6000);
    }

    @Test
    void slots_without_a_task_do_not_help() {
        // Three of five done on four slots; of the two that run, one has just begun.
        Pace pace = new Pace(5);
        for (int i = 0; i < 4; i++) {
            pace.started(i, 0);
        }
        for (int i = 0; i < 3; i++) {
            pace.succeeded(i, i, 1000);
        }
        pace.started(4, 1000);
        assertThat(pace.leftMillis(1000)).hasValue(1000);
    }

    @Test
    void a_second_success_of_a_task_does_not_count() {
        Pace pace = pace(2, 2, 1, 1000);
        pace.started(7, 1000);
        pace.succeeded(7, 0, 9000);
        assertThat(pace.done()).isEqualTo(1);
        assertThat(pace.leftMillis(0)).hasValue(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "0, a few seconds",
        "7400, a few seconds",
        "8000, about 10 s",
        "52000, about 50 s",
        "58000, about 1 min",
        "80000, about 1 min 20 s",
        "599000, about 10 min",
        "1500000, about 25 min",
        "3580000, about 1 h",
        "7500000, about 2 h 5 min"
    })
    void times_are_no_finer_than_anybody_can_know(long millis, String text) {
        assertThat(TimeLeft.text(millis)).isEqualTo(text);
    }
}
