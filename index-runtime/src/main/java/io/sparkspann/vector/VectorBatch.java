package io.sparkspann.vector;

/**
 * Some rows of a table: ids and vectors, position by position.
 *
 * @param ids external ids
 * @param vectors as many vectors as ids
 * @param source file or table that the rows come from, for messages
 * @param firstRow row number in {@code source} of the first row of the range that was read
 * @param skippedRows rows of that range that were left out because they cannot be used
 */
public record VectorBatch(
        IdBlock ids, VectorBlock vectors, String source, long firstRow, long skippedRows) {
    public int size() {
        return vectors.size();
    }
}
