package io.sparkspann.spark.join;

import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Rows with the ids of queries: few and small columns, all of which are made. */
record IdSupply(StructType schema, JavaRDD<InternalRow> rows) implements RowSupply {
    @Override
    public Rows with(Set<String> columns) {
        return new Rows(schema, rows);
    }
}
