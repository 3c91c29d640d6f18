package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The ids of a shard with their ordinals, as rows. Gives the same row object, filled anew, again
 * and again, as Spark's own scans do.
 */
final class OwnIds implements Iterator<InternalRow> {
    private final IdBlock ids;
    private final long firstOrdinal;
    private final InternalRow row;
    private int next;

    /**
     * @param schema id, ordinal
     */
    OwnIds(IdBlock ids, long firstOrdinal, StructType schema) {
        this.ids = ids;
        this.firstOrdinal = firstOrdinal;
        this.row = new SpecificInternalRow(schema);
    }

    @Override
    public boolean hasNext() {
        return next < ids.size();
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        NeighborColumns.setId(row, 0, ids, next);
        row.setLong(1, firstOrdinal + next++);
        return row;
    }
}
