package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.SampleVectors;
import io.sparkspann.distance.SampleVectors.Shape;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches of threads that are interrupted, and those of other threads. */
class InterruptedSearchTest {
    @TempDir Path folder;

    private final VectorBlock base =
            SampleVectors.of(Shape.RANDOM, ElementType.FLOAT32, 8, 2000, 1);

    @Test
    void an_interrupt_cancels_the_search_and_leaves_the_index_open() throws IOException {
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, Metric.L2, 2, folder))) {
            VectorBlock queries = base.slice(0, 3);
            Neighbors before = index.searchExact(queries, 5);
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> index.searchExact(queries, 5))
                        .isInstanceOf(CancellationException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(index.searchExact(queries, 5).ids().numbers())
                    .isEqualTo(before.ids().numbers());
        }
    }

    @Test
    void others_go_on_while_threads_are_interrupted() throws Exception {
        try (SpannIndex index = SpannIndex.open(SampleIndex.build(base, Metric.L2, 2, folder))) {
            RangeOptions all = RangeOptions.of(0.01);
            CompletableFuture<Void> other =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 200; i++) {
                                    index.searchRange(base.slice(i, i + 1), all);
                                }
                            });
            while (!other.isDone()) {
                Thread victim =
                        new Thread(
                                () -> {
                                    try {
                                        while (!Thread.currentThread().isInterrupted()) {
                                            index.searchRange(base.slice(7, 8), all);
                                        }
                                    } catch (CancellationException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
                victim.start();
                Thread.sleep(5);
                victim.interrupt();
                victim.join();
            }
            other.get();
            assertThat(index.searchRange(base.slice(7, 8), all).neighbors().count(0)).isPositive();
        }
    }
}
