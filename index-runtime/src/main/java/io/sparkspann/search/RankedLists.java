package io.sparkspann.search;

/** For each of some queries a list of vectors, nearest first, equals by id. */
public interface RankedLists {
    int queries();

    /** Length of a query's list. */
    int size(int query);

    /** Rank key of neighbour {@code rank}, ascending. */
    float key(int query, int rank);

    long ordinal(int query, int rank);
}
