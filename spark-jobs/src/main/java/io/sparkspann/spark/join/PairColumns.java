package io.sparkspann.spark.join;

import io.sparkspann.vector.IdType;
import java.io.Serializable;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of a range join: the two ids of a pair and their distance. */
record PairColumns(IdType queryType, IdType neighborType) implements Serializable {
    StructType schema() {
        return new StructType()
                .add(JoinResult.QUERY_ID, NeighborColumns.dataType(queryType), false)
                .add(JoinResult.NEIGHBOR_ID, NeighborColumns.dataType(neighborType), false)
                .add(JoinResult.DISTANCE, DataTypes.FloatType, false);
    }
}
