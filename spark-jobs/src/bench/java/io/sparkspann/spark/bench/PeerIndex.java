package io.sparkspann.spark.bench;

import java.io.Closeable;

/** An index of another library, in memory or mapped. One is built once, then searched. */
interface PeerIndex extends Closeable {
    /** Name and version. */
    Point.Measured system();

    /** How it was set up, in a few words. */
    String note();

    /**
     * @param base vectors; for cosine of length 1; ids are positions
     */
    void build(float[][] base, int threads) throws Exception;

    /**
     * What one thread searches with.
     *
     * @param ef candidates of a search, at least the k that it is used with
     */
    Searcher searcher(int ef) throws Exception;

    /** Serves one thread. */
    @FunctionalInterface
    interface Searcher {
        /** Ids of the nearest {@code k}; -1 where there is none. */
        int[] search(float[] query, int k) throws Exception;
    }
}
