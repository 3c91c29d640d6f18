package io.sparkspann.spark.source;

import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.types.StructType;

/** A table of which Spark wants to know that it is there, and no more. */
final class UnreadTable extends BaseRelation {
    private final SQLContext context;
    private final StructType schema;

    UnreadTable(SQLContext context, StructType schema) {
        this.context = context;
        this.schema = schema;
    }

    @Override
    public SQLContext sqlContext() {
        return context;
    }

    @Override
    public StructType schema() {
        return schema;
    }
}
