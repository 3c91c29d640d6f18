package io.sparkspann.spark.join;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The result of a join, computed when its rows are asked for; the figures count along, and count
 * again what Spark computes again: the last stage, whenever rows are asked for again.
 */
public final class JoinResult {
    /** What {@link #stages} begin with. */
    public static final String STAGES = JoinSteps.STAGES;

    static final String QUERY_ID = "query_id";
    static final String NEIGHBOR_ID = "neighbor_id";
    static final String DISTANCE = "distance";
    static final String RANK = "rank";

    /** Columns of the rows. */
    public static final List<String> COLUMNS = List.of(QUERY_ID, NEIGHBOR_ID, DISTANCE, RANK);

    private final Dataset<Row> rows;
    private final JoinCost cost;
    private final long queryRows;
    private final int maxProbes;
    private final List<String> stages;

    JoinResult(
            Dataset<Row> rows, JoinCost cost, long queryRows, int maxProbes, List<String> stages) {
        this.rows = rows;
        this.cost = cost;
        this.queryRows = queryRows;
        this.maxProbes = maxProbes;
        this.stages = stages;
    }

    /**
     * Names of the stages of the Spark job that makes the rows, in the order in which they run.
     * Spark shows all but the last under these names; it calls the last one what the job is called.
     */
    public List<String> stages() {
        return stages;
    }

    /** Columns {@code query_id}, {@code neighbor_id}, {@code distance}, {@code rank}. */
    public Dataset<Row> rows() {
        return rows;
    }

    JoinCost cost() {
        return cost;
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

    /** Postings read; one that is read for many queries counts once. */
    public long postingsRead() {
        return cost.postingsRead().value();
    }

    /** Bytes of postings read. */
    public long bytesRead() {
        return cost.bytesRead().value();
    }
}
