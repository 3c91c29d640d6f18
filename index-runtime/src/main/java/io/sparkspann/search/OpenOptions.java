package io.sparkspann.search;

import io.sparkspann.error.InvalidInputException;

/**
 * How much an open index may use beyond its heads and ids.
 *
 * @param cacheBytes memory for postings that single queries have read, 0 for none, {@link
 *     #AUTOMATIC} for a third of what heads and ids leave of the greatest heap; it fills up as they
 *     are read, and is never exceeded
 * @param readThreads threads that help a single query to read its postings, 0 for none; they start
 *     when first needed, end when idle, and serve all queries. A local disk is busy with 16, an
 *     object store can take 64
 */
public record OpenOptions(long cacheBytes, int readThreads) {
    /** Postings get a part of the heap that the index leaves free. */
    public static final long AUTOMATIC = -1;

    private static final int HEAP_PART = 3;

    private static final int READ_THREADS = 32;
    private static final int MOST_READ_THREADS = 1024;

    public OpenOptions {
        if (cacheBytes < AUTOMATIC) {
            throw new InvalidInputException(
                    "cacheBytes is "
                            + cacheBytes
                            + "; use 0 or more, or -1 for a part of the heap");
        }
        if (readThreads < 0 || readThreads > MOST_READ_THREADS) {
            throw new InvalidInputException(
                    "readThreads is " + readThreads + "; use 0 to " + MOST_READ_THREADS);
        }
    }

    /** A part of the heap for postings, and 32 threads. */
    public static OpenOptions defaults() {
        return new OpenOptions(AUTOMATIC, READ_THREADS);
    }

    /**
     * Memory for postings.
     *
     * @param heapBytes the greatest heap
     * @param residentBytes what heads and ids take of it
     */
    long cacheBytes(long heapBytes, long residentBytes) {
        return cacheBytes == AUTOMATIC
                ? Math.max(0, heapBytes - residentBytes) / HEAP_PART
                : cacheBytes;
    }

    public OpenOptions withCacheBytes(long bytes) {
        return new OpenOptions(bytes, readThreads);
    }

    public OpenOptions withReadThreads(int threads) {
        return new OpenOptions(cacheBytes, threads);
    }
}
