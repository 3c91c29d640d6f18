package io.sparkspann.search;

import io.sparkspann.vector.IdBlock;

/**
 * Some of the vectors that a range search found, in the order in which it came to them: vectors of
 * one query are not together. Immutable.
 *
 * @param queries for each vector the number of the query, from 0
 * @param ids ids of the vectors
 * @param distances distance or similarity as the metric defines it
 */
public record FoundVectors(int[] queries, IdBlock ids, float[] distances) {
    /** Number of vectors. */
    public int size() {
        return queries.length;
    }

    /** The query that vector {@code i} is within the radius of. */
    public int query(int i) {
        return queries[i];
    }

    /** Id of a vector, for numeric ids. */
    public long id(int i) {
        return ids.number(i);
    }

    /** Id of a vector as text. */
    public String idText(int i) {
        return ids.text(i);
    }

    public float distance(int i) {
        return distances[i];
    }

    @Override
    public String toString() {
        return size() + " vectors within the radius";
    }
}
