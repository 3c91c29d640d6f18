package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What the rows of a join say of a neighbour: id, distance, rank.
 *
 * @param idType type of the ids in the index
 * @param nullable whether there are rows without a neighbour
 */
record NeighborColumns(IdType idType, boolean nullable) implements Serializable {
    private static final int COUNT = 3;

    /** A schema with these columns at its end. */
    StructType addTo(StructType schema) {
        return schema.add(JoinResult.NEIGHBOR_ID, dataType(idType), nullable)
                .add(JoinResult.DISTANCE, DataTypes.FloatType, nullable)
                .add(JoinResult.RANK, DataTypes.IntegerType, nullable);
    }

    static DataType dataType(IdType type) {
        return switch (type) {
            case INT -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case STRING -> DataTypes.StringType;
        };
    }

    /** Fills the columns from {@code first} on. */
    static void set(InternalRow row, int first, IdBlock ids, int i, float distance, int rank) {
        setId(row, first, ids, i);
        row.setFloat(first + 1, distance);
        row.setInt(first + 2, rank);
    }

    static void setNull(InternalRow row, int first) {
        for (int column = first; column < first + COUNT; column++) {
            row.setNullAt(column);
        }
    }

    static void setId(InternalRow row, int column, IdBlock ids, int i) {
        switch (ids.type()) {
            case INT -> row.setInt(column, (int) ids.number(i));
            case LONG -> row.setLong(column, ids.number(i));
            case STRING -> {
                int start = ids.offsets()[i];
                int length = ids.offsets()[i + 1] - start;
                row.update(column, UTF8String.fromBytes(ids.utf8(), start, length));
            }
        }
    }
}
