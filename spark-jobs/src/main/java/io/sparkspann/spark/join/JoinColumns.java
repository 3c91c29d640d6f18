package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The columns of the result of a join.
 *
 * @param queryType type of the ids of the queries
 * @param neighborType type of the ids in the index
 */
record JoinColumns(IdType queryType, IdType neighborType) implements Serializable {
    private static final int QUERY = 0;
    private static final int NEIGHBOR = 1;
    private static final int DISTANCE = 2;
    private static final int RANK = 3;

    StructType schema() {
        return new StructType()
                .add(JoinResult.COLUMNS.get(QUERY), dataType(queryType), false)
                .add(JoinResult.COLUMNS.get(NEIGHBOR), dataType(neighborType), false)
                .add(JoinResult.COLUMNS.get(DISTANCE), DataTypes.FloatType, false)
                .add(JoinResult.COLUMNS.get(RANK), DataTypes.IntegerType, false);
    }

    private static DataType dataType(IdType type) {
        return switch (type) {
            case INT -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case STRING -> DataTypes.StringType;
        };
    }

    /** A row to be filled again and again. */
    InternalRow newRow() {
        return new SpecificInternalRow(schema());
    }

    static void setQuery(InternalRow row, IdBlock ids, int i) {
        setId(row, QUERY, ids, i);
    }

    static void setNeighbor(InternalRow row, IdBlock ids, int i, float distance, int rank) {
        setId(row, NEIGHBOR, ids, i);
        row.setFloat(DISTANCE, distance);
        row.setInt(RANK, rank);
    }

    /** Whether a query and a neighbour have the same id. */
    static boolean isSame(IdBlock queryIds, int query, IdBlock ids, int i) {
        boolean strings = queryIds.type() == IdType.STRING;
        return strings == (ids.type() == IdType.STRING) && queryIds.compare(query, ids, i) == 0;
    }

    private static void setId(InternalRow row, int column, IdBlock ids, int i) {
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
