package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Rows that say of a query what its id is.
 *
 * @param queryType type of the ids of the queries
 */
record IdColumns(IdType queryType, NeighborColumns neighbor) implements JoinColumns {
    @Override
    public StructType schema() {
        StructType query =
                new StructType()
                        .add(JoinResult.QUERY_ID, NeighborColumns.dataType(queryType), false);
        return neighbor.addTo(query);
    }

    @Override
    public JoinRow newRow() {
        return new IdRow(new SpecificInternalRow(schema()));
    }

    private static final class IdRow implements JoinRow {
        private final InternalRow row;
        private IdBlock queries;
        private int query;

        IdRow(InternalRow row) {
            this.row = row;
        }

        @Override
        public void setQuery(IdBlock ids, int i) {
            queries = ids;
            query = i;
            NeighborColumns.setId(row, 0, ids, i);
        }

        @Override
        public boolean isSearchable() {
            return true;
        }

        @Override
        public boolean isSelf(IdBlock ids, int i) {
            boolean strings = queries.type() == IdType.STRING;
            return strings == (ids.type() == IdType.STRING) && queries.compare(query, ids, i) == 0;
        }

        @Override
        public InternalRow with(IdBlock ids, int i, float distance, int rank) {
            NeighborColumns.set(row, 1, ids, i, distance, rank);
            return row;
        }

        @Override
        public InternalRow alone() {
            NeighborColumns.setNull(row, 1);
            return row;
        }
    }
}
