package io.sparkspann.spark.join;

import io.sparkspann.spark.input.PackedRow;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows with columns of the query table, which travel with the query.
 *
 * @param carried the columns
 * @param ownId position of the column that holds the query's own id; -1 if none does
 */
record CarriedColumns(StructType carried, int ownId, NeighborColumns neighbor)
        implements JoinColumns {
    @Override
    public StructType schema() {
        return neighbor.addTo(carried);
    }

    @Override
    public IdType queryType() {
        return IdType.STRING;
    }

    @Override
    public JoinRow newRow() {
        DataType type = ownId < 0 ? null : carried.fields()[ownId].dataType();
        return new CarriedRow(
                new PackedRow(carried.size()),
                new SpecificInternalRow(neighbor.addTo(new StructType())),
                ownId,
                type);
    }

    private static final class CarriedRow implements JoinRow {
        private final PackedRow query;
        private final InternalRow neighbor;
        private final JoinedRow row;
        private final int ownId;
        private final DataType idType;

        CarriedRow(PackedRow query, InternalRow neighbor, int ownId, DataType idType) {
            this.query = query;
            this.neighbor = neighbor;
            this.row = new JoinedRow(query.columns(), neighbor);
            this.ownId = ownId;
            this.idType = idType;
        }

        @Override
        public void setQuery(IdBlock queries, int i) {
            query.read(queries, i);
        }

        @Override
        public boolean isSearchable() {
            return query.isSearchable();
        }

        @Override
        public boolean isSelf(IdBlock ids, int i) {
            if (ownId < 0 || query.columns().isNullAt(ownId)) {
                return false;
            }
            boolean strings = ids.type() == IdType.STRING;
            if (idType instanceof StringType) {
                return strings && isText(query.columns().getUTF8String(ownId), ids, i);
            }
            return !strings && number(query.columns()) == ids.number(i);
        }

        private static boolean isText(UTF8String text, IdBlock ids, int i) {
            byte[] bytes = text.getBytes();
            int from = ids.offsets()[i];
            int to = ids.offsets()[i + 1];
            return Arrays.equals(bytes, 0, bytes.length, ids.utf8(), from, to);
        }

        private long number(InternalRow columns) {
            if (idType instanceof LongType) {
                return columns.getLong(ownId);
            }
            if (idType instanceof IntegerType) {
                return columns.getInt(ownId);
            }
            return idType instanceof ShortType ? columns.getShort(ownId) : columns.getByte(ownId);
        }

        @Override
        public InternalRow with(IdBlock ids, int i, float distance, int rank) {
            NeighborColumns.set(neighbor, 0, ids, i, distance, rank);
            return row;
        }

        @Override
        public InternalRow alone() {
            NeighborColumns.setNull(neighbor, 0);
            return row;
        }
    }
}
