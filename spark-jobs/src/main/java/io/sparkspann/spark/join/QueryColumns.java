package io.sparkspann.spark.join;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.input.IdColumn;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.math.BigInt;

/** The columns of a table of queries that a join carries along. */
final class QueryColumns {
    private static final List<String> ADDED =
            List.of(JoinResult.NEIGHBOR_ID, JoinResult.DISTANCE, JoinResult.RANK);

    private static final long MOST_ROWS = 1L << 40;

    private QueryColumns() {}

    /**
     * The options with the columns' names as the table has them.
     *
     * @throws InvalidInputException if a column is missing, or a name stands for two columns of the
     *     result
     */
    static JoinOptions resolve(StructType schema, JoinOptions options) {
        Set<String> names = new HashSet<>(ADDED);
        for (String name : options.payload().resultNames()) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new InvalidInputException(
                        "payload: the result would have a column '"
                                + name
                                + "' twice; name each column once, and no id, which comes anyway");
            }
        }
        for (StructField field : schema.fields()) {
            if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new InvalidInputException(
                        "queries: the column '"
                                + field.name()
                                + "' would be in the result twice; rename it or leave it out"
                                + " before the join");
            }
        }
        String vector = existing(schema, options.vectorColumn(), "vectorColumn");
        if (!options.selection().excludeSelf()) {
            return options.withVectorColumn(vector).withIdColumn(null);
        }
        String wished = options.idColumn() == null ? "id" : options.idColumn();
        String id = existing(schema, wished, "idColumn");
        if (IdColumn.typeOf(schema.apply(id).dataType()) == null) {
            throw new InvalidInputException(
                    "queries: column '"
                            + id
                            + "' is "
                            + schema.apply(id).dataType().simpleString()
                            + "; ids are bigint, int, smallint, tinyint or string");
        }
        return options.withVectorColumn(vector).withIdColumn(id);
    }

    /** How many rows Spark expects a data set to have; none are read. */
    static long rows(Dataset<Row> queries) {
        Statistics stats = queries.queryExecution().optimizedPlan().stats();
        if (stats.rowCount().isDefined()) {
            return stats.rowCount().get().toLong();
        }
        BigInt rows = stats.sizeInBytes().$div(BigInt.apply(RowBytes.of(queries.schema())));
        return rows.isValidLong() ? Math.max(1, Math.min(MOST_ROWS, rows.toLong())) : MOST_ROWS;
    }

    private static String existing(StructType schema, String name, String option) {
        return Arrays.stream(schema.fieldNames())
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInputException(
                                        "queries: no column '"
                                                + name
                                                + "'; it has "
                                                + String.join(", ", schema.fieldNames())
                                                + "; name one with "
                                                + option
                                                + " (as a data source, option query"
                                                + Character.toUpperCase(option.charAt(0))
                                                + option.substring(1)
                                                + ")"));
    }
}
