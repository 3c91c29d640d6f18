package io.sparkspann.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.StorageException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReadersTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 16})
    void everyPartRunsOnce(int threads) {
        try (Helpers helpers = new Helpers(threads)) {
            for (int parts = 0; parts < 70; parts++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(70);
                helpers.run(parts, runs::incrementAndGet);
                for (int p = 0; p < 70; p++) {
                    assertThat(runs.get(p)).isEqualTo(p < parts ? 1 : 0);
                }
            }
        }
    }

    /** No part ends before all have begun, so there must be a thread for each. */
    @Test
    void allPartsAreUnderWayAtOnce() {
        try (Helpers helpers = new Helpers(63)) {
            CountDownLatch begun = new CountDownLatch(64);
            AtomicInteger waited = new AtomicInteger();
            helpers.run(
                    64,
                    part -> {
                        begun.countDown();
                        try {
                            if (begun.await(30, TimeUnit.SECONDS)) {
                                waited.incrementAndGet();
                            }
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertThat(waited).hasValue(64);
        }
    }

    @Test
    void noThreadIsWokenForOnePart() {
        try (Helpers helpers = new Helpers(8)) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            helpers.run(1, part -> threads.add(Thread.currentThread()));
            assertThat(threads).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void theFailureOfAPartIsThatOfTheJobAndNothingRunsAfterwards() {
        try (Helpers helpers = new Helpers(4)) {
            for (int failing = 0; failing < 20; failing++) {
                int bad = failing;
                AtomicInteger running = new AtomicInteger();
                assertThatThrownBy(
                                () ->
                                        helpers.run(
                                                20,
                                                part -> {
                                                    running.incrementAndGet();
                                                    try {
                                                        fail(part, bad);
                                                    } finally {
                                                        running.decrementAndGet();
                                                    }
                                                }))
                        .isInstanceOf(StorageException.class)
                        .hasMessage("part " + bad);
                assertThat(running).hasValue(0);
            }
        }
    }

    private static void fail(int part, int bad) {
        if (part == bad) {
            throw new StorageException("part " + part, null);
        }
    }

    @Test
    void afterCloseTheCallerReadsAlone() {
        Helpers helpers = new Helpers(8);
        helpers.close();
        AtomicInteger runs = new AtomicInteger();
        helpers.run(10, part -> runs.incrementAndGet());
        assertThat(runs).hasValue(10);
    }

    @Test
    void anInterruptedCallerWaitsAndStaysInterrupted() {
        try (Helpers helpers = new Helpers(8)) {
            AtomicInteger runs = new AtomicInteger();
            Thread.currentThread().interrupt();
            helpers.run(10, part -> runs.incrementAndGet());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(runs).hasValue(10);
        }
    }
}
