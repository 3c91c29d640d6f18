package io.sparkspann.spark.input;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;

/** Collects what identifies the rows of one batch. For one thread. */
interface RowIds {
    /** Makes collectors inside tasks. */
    interface Factory extends Serializable {
        /** Type of the blocks. */
        IdType type();

        /** A collector for so many rows. */
        RowIds start(int capacity);
    }

    /** What is wrong with the id of a row; null if nothing is. */
    String problem(InternalRow row);

    /** Whether the batch should end because its ids take much memory. */
    boolean isFull();

    /**
     * Takes a row.
     *
     * @param searchable whether it has a vector that can be searched for
     */
    void add(InternalRow row, boolean searchable);

    /** Names a row in messages, such as {@code id 17}; empty if it has no name. */
    String text(InternalRow row);

    IdBlock toBlock();
}
