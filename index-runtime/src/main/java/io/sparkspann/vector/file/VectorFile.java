package io.sparkspann.vector.file;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.Closeable;

/**
 * An open file of vectors of one type and dimension, with at least one vector. Rows are numbered from 0.
 *
 * <p>Thread-safe. Content that breaks the rules of the format is an {@link
 * io.sparkspann.error.InvalidInputException} that names file, place and value; a file that cannot be read is a {@link
 * io.sparkspann.error.StorageException}. Values are handed on as they are: NaN and infinity are not checked here (TSV has
 * no text for them and refuses them).
 */
public interface VectorFile extends Closeable {
    /** Type of the components in the blocks that {@link #read} returns. */
    ElementType elementType();

    /** Components of each vector, from 1 to {@value VectorFiles#MAX_DIMENSIONS}. */
    int dimensions();

    /** Number of vectors. */
    long size();

    /**
     * Reads vectors {@code firstRow} to {@code firstRow + rows - 1} into a new block.
     *
     * @throws IllegalArgumentException if these rows are not all in the file, or do not fit one array
     */
    VectorBlock read(long firstRow, int rows);

    /** Closes the byte source too. */
    @Override
    void close();
}
