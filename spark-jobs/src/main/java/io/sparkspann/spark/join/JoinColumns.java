package io.sparkspann.spark.join;

import io.sparkspann.vector.IdType;
import java.io.Serializable;
import org.apache.spark.sql.types.StructType;

/** The columns of the result of a join. */
interface JoinColumns extends Serializable {
    StructType schema();

    /** Type of the ids with which queries travel. */
    IdType queryType();

    NeighborColumns neighbor();

    /** A row to be filled again and again. */
    JoinRow newRow();
}
