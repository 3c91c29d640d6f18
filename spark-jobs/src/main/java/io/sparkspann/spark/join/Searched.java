package io.sparkspann.spark.join;

import io.sparkspann.search.QueryRows;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.IdBlock;

/** What the queries of a part are compared with. For one thread. */
interface Searched {
    /** Vectors that there are. */
    long size();

    /**
     * Finds the nearest vectors of all queries.
     *
     * @param length of the lists
     */
    TopK search(QueryRows queries, int length);

    /** Hands the id of a neighbour on, and returns what the taker says. */
    boolean give(long ordinal, float key, Taker taker);

    /** Takes a neighbour; false if no further one is wanted. */
    @FunctionalInterface
    interface Taker {
        boolean take(float key, IdBlock ids, int position);
    }
}
