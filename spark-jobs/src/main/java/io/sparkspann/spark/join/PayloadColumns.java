package io.sparkspann.spark.join;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.rows.KeptTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Columns of the neighbours' rows, which an index keeps beside its vectors.
 *
 * @param names of the columns, as the table has them
 */
record PayloadColumns(List<String> names) {
    static final PayloadColumns NONE = new PayloadColumns(List.of());

    private static final String PREFIX = "neighbor_";
    private static final String KEY = "spann neighbor key";

    /** What the columns are called in the result. */
    List<String> resultNames() {
        return names.stream().map(name -> PREFIX + name).toList();
    }

    /**
     * The rows of a join with these columns.
     *
     * @throws InvalidInputException if the index keeps no such column
     */
    Dataset<Row> addTo(Dataset<Row> rows, JoinSetup setup) {
        KeptTable table = KeptTable.of(setup.indexUri(), setup.manifest());
        List<Column> wanted = new ArrayList<>();
        Column id = functions.col(ColumnNames.quote(table.idColumn()));
        wanted.add(
                id.cast(NeighborColumns.dataType(setup.manifest().schema().idType())).alias(KEY));
        for (String name : names) {
            if (!Arrays.asList(table.schema().fieldNames()).contains(name)) {
                throw new InvalidInputException(
                        "payload: the index keeps no column '"
                                + name
                                + "'; it keeps "
                                + String.join(", ", table.schema().fieldNames()));
            }
            wanted.add(functions.col(ColumnNames.quote(name)).alias(PREFIX + name));
        }
        Dataset<Row> kept = table.rows(setup.spark()).select(wanted.toArray(new Column[0]));
        Column same = rows.col(JoinResult.NEIGHBOR_ID).equalTo(kept.col(ColumnNames.quote(KEY)));
        // Left, for rows without a neighbour; every other one has its row in the table.
        return rows.join(kept, same, "left_outer").drop(KEY);
    }
}
