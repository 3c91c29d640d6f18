package io.sparkspann.spark.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.SharedSpark;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedSpark.class)
class SparkErrorsTest {
    @Test
    void finds_the_error_of_a_failed_task(SparkSession spark) {
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
        Throwable failed =
                catchThrowable(
                        () ->
                                context.parallelize(List.of(1, 2), 2)
                                        .foreach(
                                                i -> {
                                                    throw new InvalidInputException(
                                                            "row " + 7 + " is bad");
                                                }));
        assertThat(failed).isNotInstanceOf(SpannException.class);
        SpannException found = SparkErrors.unwrap(failed).orElseThrow();
        assertThat(found).isInstanceOf(InvalidInputException.class).hasMessage("row 7 is bad");
    }

    @Test
    void finds_a_cause_of_a_cause_and_a_suppressed_error() {
        StorageException inner = new StorageException("disk full", null);
        RuntimeException outer = new RuntimeException("a", new IllegalStateException("b", inner));
        RuntimeException suppressing = new RuntimeException("c");
        suppressing.addSuppressed(outer);
        assertThat(SparkErrors.unwrap(suppressing)).containsSame(inner);
        assertThat(SparkErrors.unwrap(inner)).containsSame(inner);
    }

    @Test
    void rebuilds_an_error_that_arrived_as_text() {
        CorruptIndexException original =
                new CorruptIndexException("heads.spn", "router", 42, "CRC 1, not 2");
        RuntimeException text =
                new RuntimeException(
                        "Job aborted: Lost task 0.3 (TID 3) (host executor 1): "
                                + original
                                + "\n\tat a.B.c(B.java:1)");
        SpannException found =
                SparkErrors.unwrap(new RuntimeException("outer", text)).orElseThrow();
        assertThat(found)
                .isInstanceOf(CorruptIndexException.class)
                .hasMessage(original.getMessage());
        assertThat(((CorruptIndexException) found).offset()).isEqualTo(42);
        assertThat(
                        SparkErrors.unwrap(
                                new RuntimeException(
                                        "x: io.sparkspann.error.StorageException: gone")))
                .hasValueSatisfying(
                        e -> assertThat(e).isInstanceOf(StorageException.class).hasMessage("gone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lost task 0.0 in stage 1.0 (TID 1): java.lang.OutOfMemoryError: Java heap space",
                "ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason:"
                        + " Command exited with code 52",
                "Container from a bad node. Exit status: 137. Diagnostics: killed",
                "Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB",
            })
    void says_where_memory_was_exhausted(String text) {
        RuntimeException failed = new RuntimeException(new RuntimeException(text));
        assertThat(SparkErrors.unwrap(failed)).isEmpty();
        assertThat(SparkErrors.unwrap(failed, "stage 2/7: route").orElseThrow())
                .isInstanceOf(NotEnoughMemoryException.class)
                .hasMessageStartingWith("not enough memory in stage 2/7: route: ");
        assertThat(SparkErrors.unwrap(new RuntimeException("exit code 1"), "x")).isEmpty();
    }

    @Test
    void finds_nothing_in_a_foreign_error_even_if_it_is_its_own_cause() {
        RuntimeException a = new RuntimeException("a");
        RuntimeException b = new RuntimeException("b", a);
        a.initCause(b);
        assertThat(SparkErrors.unwrap(a)).isEmpty();
    }
}
