package io.sparkspann.spark.join;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a join as Spark's own, so that none is made as an object and taken apart again. Lazy:
 * nothing runs before the rows are asked for, and only what a shuffle wrote is kept for the next
 * time. Lives on the driver.
 */
final class JoinRelation extends BaseRelation implements TableScan {
    private static final long STRING_BYTES = 24;

    private final SparkSession spark;
    private final StructType schema;
    private final JavaRDD<InternalRow> rows;
    private final long rowCount;
    private final String name;

    /**
     * @param rowCount rows, at most
     * @param name what the plans of queries show
     */
    JoinRelation(
            SparkSession spark,
            StructType schema,
            JavaRDD<InternalRow> rows,
            long rowCount,
            String name) {
        this.spark = spark;
        this.schema = schema;
        this.rows = rows;
        this.rowCount = rowCount;
        this.name = name;
    }

    @Override
    public SQLContext sqlContext() {
        return spark.sqlContext();
    }

    @Override
    public StructType schema() {
        return schema;
    }

    /** In Spark's own format: a word for null bits and one for each column. */
    @Override
    public long sizeInBytes() {
        long rowBytes = 8L + 8L * schema.size();
        for (StructField field : List.of(schema.fields())) {
            rowBytes += field.dataType() instanceof StringType ? STRING_BYTES : 0;
        }
        return rowBytes * Math.max(1, rowCount);
    }

    @Override
    public boolean needConversion() {
        return false;
    }

    /** Spark takes the rows for its own because {@link #needConversion} is false. */
    @Override
    @SuppressWarnings("unchecked") // The signature has no other type for rows of either kind.
    public RDD<Row> buildScan() {
        return (RDD<Row>) (RDD<?>) rows.rdd();
    }

    @Override
    public String toString() {
        return name;
    }
}
