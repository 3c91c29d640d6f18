package io.sparkspann.spark.bench;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One measurement. What does not apply is null.
 *
 * @param system who was measured
 * @param phase one of the constants
 * @param k neighbours of a query; null for a build
 * @param setting what was asked for, such as {@code ef 64}
 * @param threads in use
 * @param recall mean recall@k on the held-out queries
 * @param seconds of a build or a join
 * @param queriesPerSecond over all threads
 * @param medianMicros of single queries on one thread
 * @param p99Micros of single queries on one thread
 * @param note what a reader must know
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Point(
        Measured system,
        String phase,
        Integer k,
        String setting,
        int threads,
        Double recall,
        Double seconds,
        Double queriesPerSecond,
        Double medianMicros,
        Double p99Micros,
        String note) {
    static final String BUILD = "build";

    /** All held-out queries at once. */
    static final String BATCH = "batch";

    /** One query after another on one thread. */
    static final String SINGLE = "single";

    /** A join in a warm Spark session. */
    static final String JOIN = "join";

    /** The first join of a fresh Spark session. */
    static final String FIRST_JOIN = "first join";

    /** Batches of 1,000 queries, one after another. */
    static final String BATCHES = "batches of 1,000";

    /** Queries one at a time on each thread. */
    static final String LOOP = "loop of single queries";

    /**
     * A system as it was measured.
     *
     * @param name such as {@code lucene}
     * @param version of the library
     * @param java version of the JVM; empty for native programs
     * @param heap of the JVM, empty for native programs
     */
    record Measured(String name, String version, String java, String heap) {
        static final String OURS = "spark-spann";

        /** A library that runs in this JVM. */
        static Measured here(String name, String version) {
            long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
            return new Measured(
                    name, version, System.getProperty("java.version"), mebibytes + " MiB");
        }
    }

    static Point build(Measured system, int threads, double seconds, String note) {
        return new Point(system, BUILD, null, "", threads, null, seconds, null, null, null, note);
    }

    static Point throughput(
            Measured system, String phase, Asked asked, double recall, double seconds) {
        return new Point(
                system,
                phase,
                asked.k(),
                asked.setting(),
                asked.threads(),
                recall,
                seconds,
                asked.queries() / seconds,
                null,
                null,
                null);
    }

    static Point latency(Measured system, Asked asked, double recall, Latency latency) {
        return new Point(
                system,
                SINGLE,
                asked.k(),
                asked.setting(),
                1,
                recall,
                null,
                1e6 / latency.meanMicros(),
                latency.medianMicros(),
                latency.p99Micros(),
                null);
    }

    Point withNote(String text) {
        return new Point(
                system,
                phase,
                k,
                setting,
                threads,
                recall,
                seconds,
                queriesPerSecond,
                medianMicros,
                p99Micros,
                text);
    }

    /**
     * What a search was asked for.
     *
     * @param setting such as {@code ef 64}
     * @param queries how many
     */
    record Asked(int k, String setting, int threads, long queries) {}

    boolean isOurs() {
        return system.name().equals(Measured.OURS);
    }
}
