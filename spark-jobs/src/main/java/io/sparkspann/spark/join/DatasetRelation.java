package io.sparkspann.spark.join;

import io.sparkspann.spark.input.ColumnNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.PrunedScan;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a data set, for a data source. To make a plan of them takes Spark jobs, so that is
 * done when rows are asked for; the same rows are given each time, so that what a shuffle wrote is
 * found again. Lives on the driver.
 */
final class DatasetRelation extends BaseRelation implements PrunedScan {
    private final Dataset<Row> rows;
    private final String name;
    private final Map<List<String>, DeferredRows> made = new ConcurrentHashMap<>();

    /**
     * @param name what the plans of queries show
     */
    DatasetRelation(Dataset<Row> rows, String name) {
        this.rows = rows;
        this.name = name;
    }

    @Override
    public SQLContext sqlContext() {
        return rows.sparkSession().sqlContext();
    }

    @Override
    public StructType schema() {
        return rows.schema();
    }

    @Override
    public boolean needConversion() {
        return false;
    }

    /** Spark takes the rows for its own because {@link #needConversion} is false. */
    @Override
    @SuppressWarnings("unchecked") // The signature has no other type for rows of either kind.
    public RDD<Row> buildScan(String[] columns) {
        Column[] wanted =
                Arrays.stream(columns)
                        .map(column -> functions.col(ColumnNames.quote(column)))
                        .toArray(Column[]::new);
        return (RDD<Row>)
                (RDD<?>)
                        made.computeIfAbsent(
                                List.of(columns),
                                same ->
                                        new DeferredRows(
                                                rows.sparkSession().sparkContext(),
                                                () ->
                                                        rows.select(wanted)
                                                                .queryExecution()
                                                                .toRdd()));
    }

    @Override
    public String toString() {
        return name;
    }
}
