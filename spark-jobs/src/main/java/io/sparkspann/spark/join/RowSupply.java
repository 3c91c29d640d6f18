package io.sparkspann.spark.join;

import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Rows of a result, with as many of its columns as are wanted. */
interface RowSupply {
    /**
     * @param schema columns of the rows: those that are wanted, and maybe more, in any order
     */
    record Rows(StructType schema, JavaRDD<InternalRow> rdd) {}

    Rows with(Set<String> columns);
}
