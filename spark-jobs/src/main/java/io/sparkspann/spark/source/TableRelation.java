package io.sparkspann.spark.source;

import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.rows.KeptTable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.PrunedFilteredScan;
import org.apache.spark.sql.types.StructType;

/**
 * The base table of a snapshot of an index. Spark reads its Parquet files: columns that are not
 * wanted and groups of rows that no filter can match are skipped. Lives on the driver.
 */
public final class TableRelation extends BaseRelation implements PrunedFilteredScan {
    private final SparkSession spark;
    private final KeptTable table;

    TableRelation(SparkSession spark, KeptTable table) {
        this.spark = spark;
        this.table = table;
    }

    /** The table with its index. */
    public IndexedTable indexed() {
        return new IndexedTable(
                table.indexUri(), table.manifest(), table.idColumn(), table.vectorColumn());
    }

    @Override
    public SQLContext sqlContext() {
        return spark.sqlContext();
    }

    @Override
    public StructType schema() {
        return table.schema();
    }

    @Override
    public long sizeInBytes() {
        return table.bytes();
    }

    @Override
    public boolean needConversion() {
        return false;
    }

    /** Spark applies all filters again, so any may be left out here. */
    @Override
    @SuppressWarnings("unchecked") // The signature has no other type for rows of either kind.
    public RDD<Row> buildScan(String[] columns, Filter[] filters) {
        Dataset<Row> rows = table.rows(spark);
        for (Filter filter : filters) {
            Optional<Column> condition = PushedFilters.condition(filter);
            rows = condition.isPresent() ? rows.where(condition.get()) : rows;
        }
        Column[] wanted =
                Arrays.stream(columns)
                        .map(name -> functions.col(ColumnNames.quote(name)))
                        .toArray(Column[]::new);
        return (RDD<Row>) (RDD<?>) rows.select(wanted).queryExecution().toRdd();
    }

    /** The same table of the same snapshot. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TableRelation relation
                && relation.table.indexUri().equals(table.indexUri())
                && relation.table.manifest().snapshot() == table.manifest().snapshot()
                && relation.table.manifest().contentId().equals(table.manifest().contentId());
    }

    @Override
    public int hashCode() {
        return table.indexUri().hashCode() * 31 + Long.hashCode(table.manifest().snapshot());
    }

    @Override
    public String toString() {
        return "spann table "
                + Redaction.redact(table.indexUri())
                + " snapshot "
                + table.manifest().snapshot();
    }
}
