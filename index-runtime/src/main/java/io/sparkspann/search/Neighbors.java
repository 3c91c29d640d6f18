package io.sparkspann.search;

import io.sparkspann.vector.IdBlock;

/**
 * Neighbours of one or many queries, nearest first, equals by id. Immutable.
 *
 * @param starts {@code queries + 1} ascending positions; query {@code q} has positions {@code
 *     [starts[q], starts[q+1])}
 * @param ids ids of the neighbours
 * @param distances distance or similarity as the metric defines it
 */
public record Neighbors(int[] starts, IdBlock ids, float[] distances) {
    /** Number of queries. */
    public int queries() {
        return starts.length - 1;
    }

    /** Number of neighbours of a query: k, or less if the index has fewer vectors. */
    public int count(int query) {
        return starts[query + 1] - starts[query];
    }

    /** Id of a neighbour, for numeric ids. */
    public long id(int query, int rank) {
        return ids.number(position(query, rank));
    }

    /** Id of a neighbour as text. */
    public String idText(int query, int rank) {
        return ids.text(position(query, rank));
    }

    public float distance(int query, int rank) {
        return distances[position(query, rank)];
    }

    private int position(int query, int rank) {
        if (rank < 0 || rank >= count(query)) {
            throw new IndexOutOfBoundsException(
                    "query " + query + " has " + count(query) + " neighbours; there is no " + rank);
        }
        return starts[query] + rank;
    }

    @Override
    public String toString() {
        return ids.size() + " neighbours of " + queries() + " queries";
    }
}
