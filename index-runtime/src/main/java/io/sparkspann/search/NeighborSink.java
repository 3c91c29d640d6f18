package io.sparkspann.search;

/** Takes vectors that may be neighbours of queries. */
interface NeighborSink {
    /** The greatest rank key that is of interest to a query. */
    float limit(int query);

    /**
     * Offers a vector; the same vector must always come with the same key.
     *
     * @param key not NaN; -0 becomes 0
     * @param ordinal 0 to 2^32 - 1
     */
    void offer(int query, float key, long ordinal);
}
