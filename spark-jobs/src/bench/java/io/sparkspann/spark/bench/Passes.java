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
    private static final int LEAST_PASSES = 3;
    private static final double LEAST_SECONDS = 1;
    private static final double WARM_UP_SECONDS = 2;
    private static final double LONGEST_WARM_UP_SECONDS = 60;
    private static final double FASTER = 0.95;

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

    /** Seconds of the fastest of three passes, or of more if those are over within a second. */
    static double fastest(Work work) throws Exception {
        double best = Double.POSITIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < LEAST_PASSES || sum < LEAST_SECONDS; i++) {
            double seconds = seconds(work);
            sum += seconds;
            best = Math.min(best, seconds);
        }
        return best;
    }

    /**
     * Runs work until its code is compiled: for two seconds or more, and until three passes bring
     * no faster one; but no longer than a minute.
     */
    static void warmUp(Work work) throws Exception {
        double best = Double.POSITIVE_INFINITY;
        double sum = 0;
        int even = 0;
        while ((sum < WARM_UP_SECONDS || even < LEAST_PASSES) && sum < LONGEST_WARM_UP_SECONDS) {
            double seconds = seconds(work);
            sum += seconds;
            even = seconds < FASTER * best ? 0 : even + 1;
            best = Math.min(best, seconds);
        }
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
