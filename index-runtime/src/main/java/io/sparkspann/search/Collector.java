package io.sparkspann.search;

/** Takes the vectors that a search finds for its queries. */
public interface Collector {
    /** A rank key above which nothing is of interest to a query; it may sink. */
    float limit(int query);

    /**
     * Takes a vector if it is of interest.
     *
     * @param key exact rank key
     */
    void offer(int query, float key, long ordinal);
}
