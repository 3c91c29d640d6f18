package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import org.apache.spark.sql.catalyst.InternalRow;

/** A row of the result, the same object filled anew again and again. For one thread. */
interface JoinRow {
    /** Makes it a row of this query. */
    void setQuery(IdBlock queries, int query);

    /** Whether the query has a vector to search for. */
    boolean isSearchable();

    /** Whether an id is the query's own. */
    boolean isSelf(IdBlock ids, int i);

    /** The row with this neighbour. */
    InternalRow with(IdBlock ids, int i, float distance, int rank);

    /** The row of a query without neighbours. */
    InternalRow alone();
}
