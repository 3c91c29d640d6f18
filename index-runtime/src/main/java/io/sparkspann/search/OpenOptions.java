package io.sparkspann.search;

import io.sparkspann.error.InvalidInputException;

/**
 * How much an open index may use beyond its heads and ids.
 *
 * @param cacheBytes memory for postings that single queries have read, 0 for none; it fills up as
 *     they are read, and is never exceeded
 * @param readThreads threads that help a single query to read its postings, 0 for none; they start
 *     when first needed, end when idle, and serve all queries. A local disk is busy with 16, an
 *     object store can take 64
 */
public record OpenOptions(long cacheBytes, int readThreads) {
    /** Part of the greatest heap that is used for postings if nothing is said. */
    private static final int HEAP_PART = 3;

    private static final int READ_THREADS = 32;
    private static final int MOST_READ_THREADS = 1024;

    public OpenOptions {
        if (cacheBytes < 0) {
            throw new InvalidInputException("cacheBytes is " + cacheBytes + "; use 0 or more");
        }
        if (readThreads < 0 || readThreads > MOST_READ_THREADS) {
            throw new InvalidInputException(
                    "readThreads is " + readThreads + "; use 0 to " + MOST_READ_THREADS);
        }
    }

    /** A third of the greatest heap for postings, and 32 threads. */
    public static OpenOptions defaults() {
        return new OpenOptions(Runtime.getRuntime().maxMemory() / HEAP_PART, READ_THREADS);
    }

    public OpenOptions withCacheBytes(long bytes) {
        return new OpenOptions(bytes, readThreads);
    }

    public OpenOptions withReadThreads(int threads) {
        return new OpenOptions(cacheBytes, threads);
    }
}
