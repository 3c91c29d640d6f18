package io.sparkspann.spark.join;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The result of a join, computed when its rows are asked for; the figures count along, and count
 * again what Spark computes again.
 */
public final class JoinResult {
    private final Dataset<Row> rows;
    private final JoinCost cost;
    private final long queryRows;
    private final int maxProbes;

    JoinResult(Dataset<Row> rows, JoinCost cost, long queryRows, int maxProbes) {
        this.rows = rows;
        this.cost = cost;
        this.queryRows = queryRows;
        this.maxProbes = maxProbes;
    }

    /** Columns {@code query_id}, {@code neighbor_id}, {@code distance}, {@code rank}. */
    public Dataset<Row> rows() {
        return rows;
    }

    /** Rows of the query table, those that cannot be used included. */
    public long queryRows() {
        return queryRows;
    }

    /** Postings that a query reads at most. */
    public int maxProbes() {
        return maxProbes;
    }

    /** Queries answered so far. */
    public long queries() {
        return cost.queries().value();
    }

    /** Rows made so far. */
    public long writtenRows() {
        return cost.rows().value();
    }

    /** Queries with fewer than k neighbours, made so far. */
    public long shortLists() {
        return cost.shortLists().value();
    }

    /** Queries left out because they cannot be used. */
    public long skippedRows() {
        return cost.skipped().value();
    }

    /** Postings asked for, each query counting its own. */
    public long probes() {
        return cost.probes().value();
    }

    /** Distances computed between queries and records. */
    public long distances() {
        return cost.distances().value();
    }

    /** Bytes of postings read. */
    public long bytesRead() {
        return cost.bytesRead().value();
    }
}
