package io.sparkspann.spark.join;

import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.input.RowHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows with columns of the queries: only those that are wanted travel with them. */
final class CarriedSupply implements RowSupply {
    /** The vector to search for, beside a column that is carried along under its own name. */
    private static final String SEARCHED = "spann searched vector";

    private final JoinSetup setup;
    private final JoinOptions options;
    private final Dataset<Row> queries;
    private final Map<Set<String>, Rows> made = new HashMap<>();

    CarriedSupply(JoinSetup setup, JoinOptions options, Dataset<Row> queries) {
        this.setup = setup;
        this.options = options;
        this.queries = queries;
    }

    /** The same rows each time, so that what a shuffle wrote is found again. */
    @Override
    public synchronized Rows with(Set<String> columns) {
        return made.computeIfAbsent(Set.copyOf(columns), this::make);
    }

    private Rows make(Set<String> wanted) {
        List<Column> selected = new ArrayList<>();
        StructType carried = new StructType();
        for (StructField field : queries.schema().fields()) {
            if (wanted.contains(field.name()) || field.name().equals(options.idColumn())) {
                selected.add(queries.col(ColumnNames.quote(field.name())));
                carried = carried.add(field);
            }
        }
        selected.add(queries.col(ColumnNames.quote(options.vectorColumn())).alias(SEARCHED));
        Dataset<Row> travelling = ordered(queries.select(selected.toArray(new Column[0])));
        CarriedQueries joined =
                new CarriedQueries(
                        carried,
                        options.idColumn() == null ? -1 : carried.fieldIndex(options.idColumn()),
                        travelling.schema(),
                        options.vectorColumn(),
                        options.selection().outer());
        DeferredRows rows =
                new DeferredRows(
                        setup.spark().sparkContext(),
                        () -> joined.join(setup, options, travelling.queryExecution().toRdd()));
        return new Rows(joined.columns(setup, options).schema(), rows.toJavaRDD());
    }

    /**
     * Queries are told apart by position, so a task that runs again must see the same order. Rows
     * that are equal in all that travels may change places.
     */
    private static Dataset<Row> ordered(Dataset<Row> rows) {
        return rows.sortWithinPartitions(RowHash.of(rows));
    }
}
