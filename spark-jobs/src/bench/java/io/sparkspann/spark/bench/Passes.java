package io.sparkspann.spark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** How work is timed: the same for every system. */
final class Passes {
    private static final int PASSES = 3;

    private Passes() {}

    /** Work that is timed. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** What one thread does with an item. */
    @FunctionalInterface
    interface Item {
        void run(int number) throws Exception;
    }

    /** Seconds of one pass. */
    static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Seconds of the fastest of three passes. */
    static double fastest(Work work) throws Exception {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < PASSES; i++) {
            best = Math.min(best, seconds(work));
        }
        return best;
    }

    /**
     * Runs items on threads, each taking the next one that is left.
     *
     * @param worker makes what a thread does with its items; called once for each thread
     */
    static void parallel(int items, int threads, Callable<Item> worker) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> loop =
                () -> {
                    Item work = worker.call();
                    for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
                        work.run(i);
                    }
                    return null;
                };
        List<Callable<Void>> loops = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            loops.add(loop);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> future : pool.invokeAll(loops)) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
