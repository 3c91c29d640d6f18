package io.sparkspann.spark.join;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** About how many bytes a row takes in Spark's own format. */
final class RowBytes {
    private static final long WORD = 8;
    private static final long STRING = 24;

    private RowBytes() {}

    /** A word for null bits and one for each column, and what does not fit into one. */
    static long of(StructType schema) {
        long bytes = WORD;
        for (StructField field : schema.fields()) {
            DataType type = field.dataType();
            long more = type instanceof StringType ? STRING : type.defaultSize();
            bytes += WORD + (more > WORD ? more : 0);
        }
        return bytes;
    }
}
