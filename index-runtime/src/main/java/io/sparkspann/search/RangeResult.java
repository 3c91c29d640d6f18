package io.sparkspann.search;

import java.util.BitSet;

/**
 * What a range search found.
 *
 * @param neighbors of each query, nearest first, equals by id
 * @param capped queries that have more vectors within the radius than the options allowed, of which
 *     the nearest are there; shared, not copied
 */
public record RangeResult(Neighbors neighbors, BitSet capped) {
    /** Whether a query has more vectors within the radius than are there. */
    public boolean isCapped(int query) {
        return capped.get(query);
    }
}
