package io.sparkspann.spark.bench;

import java.util.Arrays;

/** Times of single queries, in microseconds. */
record Latency(double meanMicros, double medianMicros, double p99Micros) {
    /** Queries that are timed one by one, at most. */
    private static final int MOST = 2000;

    /** Answers one query. */
    @FunctionalInterface
    interface Query {
        void run(int number) throws Exception;
    }

    /** Times the first queries on the calling thread, after as many unmeasured ones. */
    static Latency measure(int queries, Query query) throws Exception {
        int count = Math.min(queries, MOST);
        for (int i = 0; i < count; i++) {
            query.run(i);
        }
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            query.run(i);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        double mean = Arrays.stream(nanos).average().orElseThrow() / 1e3;
        return new Latency(mean, nanos[count / 2] / 1e3, nanos[(int) (count * 0.99)] / 1e3);
    }
}
