package io.sparkspann.spark.rows;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Builds an index from a Parquet table, and keeps all columns of the table in it, as the data
 * source does: the index then is a table of SQL, and joins with it can bring its columns.
 */
public final class KeptBuild {
    private KeptBuild() {}

    /**
     * As {@link SpannBuild#run}.
     *
     * @throws InvalidInputException also if the input is a vector file
     */
    public static BuildReport run(
            SparkSession spark,
            InputSpec input,
            String indexUri,
            BuildOptions options,
            BuildMode mode,
            IndexBuilder.StageListener listener) {
        return SpannBuild.run(
                spark,
                SpannBuild.engine(
                        spark,
                        input,
                        options.metric(),
                        table ->
                                keeper(
                                        spark,
                                        input,
                                        table.data().orElseThrow(() -> noColumns(input)))),
                indexUri,
                options,
                mode,
                listener);
    }

    private static InvalidInputException noColumns(InputSpec input) {
        return new InvalidInputException(
                Redaction.redact(input.path())
                        + ": a vector file has no rows to keep; use a Parquet table");
    }

    private static TableKeeper keeper(SparkSession spark, InputSpec input, Dataset<Row> rows) {
        for (String column : new String[] {input.idColumn(), input.vectorColumn()}) {
            if (!Arrays.asList(rows.columns()).contains(column)) {
                throw new InvalidInputException(
                        Redaction.redact(input.path())
                                + ": '"
                                + column
                                + "' is a field of a column; to keep rows, id and vector must be"
                                + " columns themselves");
            }
        }
        return new TableKeeper(spark, rows, input.idColumn(), input.vectorColumn());
    }
}
