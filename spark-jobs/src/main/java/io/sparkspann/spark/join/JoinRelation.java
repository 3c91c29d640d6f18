package io.sparkspann.spark.join;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.function.LongSupplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.PrunedScan;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.List$;

/**
 * The rows of a join as Spark's own, so that none is made as an object and taken apart again. Lazy:
 * nothing runs before the rows are asked for, and only what a shuffle wrote is kept for the next
 * time. Lives on the driver.
 */
final class JoinRelation extends BaseRelation implements PrunedScan {
    private final SparkSession spark;
    private final StructType schema;
    private final RowSupply supply;
    private final LongSupplier rowCount;
    private final String name;

    /**
     * @param rowCount rows, about
     * @param name what the plans of queries show
     */
    JoinRelation(
            SparkSession spark,
            StructType schema,
            RowSupply supply,
            LongSupplier rowCount,
            String name) {
        this.spark = spark;
        this.schema = schema;
        this.supply = supply;
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

    @Override
    public long sizeInBytes() {
        double bytes = (double) RowBytes.of(schema) * Math.max(1, rowCount.getAsLong());
        return (long) Math.min(Long.MAX_VALUE, bytes);
    }

    @Override
    public boolean needConversion() {
        return false;
    }

    /** Spark takes the rows for its own because {@link #needConversion} is false. */
    @Override
    @SuppressWarnings("unchecked") // The signature has no other type for rows of either kind.
    public RDD<Row> buildScan(String[] columns) {
        RowSupply.Rows rows = supply.with(new LinkedHashSet<>(Arrays.asList(columns)));
        JavaRDD<InternalRow> wanted =
                Arrays.equals(rows.schema().fieldNames(), columns)
                        ? rows.rdd()
                        : select(rows, columns);
        return (RDD<Row>) (RDD<?>) wanted.rdd();
    }

    private static JavaRDD<InternalRow> select(RowSupply.Rows rows, String[] columns) {
        StructType from = rows.schema();
        scala.collection.immutable.List<Expression> references = List$.MODULE$.empty();
        for (int i = columns.length - 1; i >= 0; i--) {
            StructField field = from.apply(columns[i]);
            int position = from.fieldIndex(columns[i]);
            references =
                    references.$colon$colon(
                            new BoundReference(position, field.dataType(), field.nullable()));
        }
        var wanted = references;
        return rows.rdd()
                .mapPartitions(
                        partition -> new Projected(partition, UnsafeProjection.create(wanted)));
    }

    /** Rows with other columns. */
    private record Projected(java.util.Iterator<InternalRow> rows, UnsafeProjection projection)
            implements java.util.Iterator<InternalRow> {
        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public InternalRow next() {
            return projection.apply(rows.next());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
