package io.sparkspann.spark.jobs;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.error.Redaction;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;

/** Tells a result of a join from other tables: only such a one may be replaced. */
final class JoinSchema {
    private JoinSchema() {}

    /**
     * @param wanted columns that the join writes
     * @throws InvalidInputException if a folder holds a table with other columns
     */
    static void require(SparkSession session, String folder, List<String> wanted) {
        String[] columns;
        try {
            columns = session.read().parquet(folder).columns();
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                // No Parquet file: what a job left that had no rows or did not end.
                return;
            }
            throw e;
        }
        if (!Set.of(columns).equals(Set.copyOf(wanted))) {
            throw new InvalidInputException(
                    Redaction.redact(folder)
                            + ": holds a table with the columns "
                            + String.join(", ", columns)
                            + ", which this join does not write; give --output another folder, or"
                            + " move that away");
        }
    }
}
