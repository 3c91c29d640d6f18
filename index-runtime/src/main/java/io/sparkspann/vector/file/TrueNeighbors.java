package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;

/**
 * Ground truth: for each query the ids of its true nearest neighbours, nearest first. Thread-safe
 * as long as nobody changes the array.
 */
public final class TrueNeighbors {
    private final int columns;
    private final int[] ids;

    /**
     * @param columns neighbours of each query
     * @param ids query after query; its length is a multiple of {@code columns}; shared, not copied
     */
    public TrueNeighbors(int columns, int[] ids) {
        if (columns < 1 || ids.length % columns != 0) {
            throw new InvalidInputException(
                    ids.length + " ids are not a whole number of rows of " + columns);
        }
        this.columns = columns;
        this.ids = ids;
    }

    /** Number of queries. */
    public int rows() {
        return ids.length / columns;
    }

    /** Neighbours of each query. */
    public int columns() {
        return columns;
    }

    /** Id of the neighbour of {@code row} at {@code rank}, both from 0. */
    public int id(int row, int rank) {
        if (rank < 0 || rank >= columns) {
            throw new IllegalArgumentException("rank " + rank + " is not in 0.." + (columns - 1));
        }
        return ids[row * columns + rank];
    }
}
