package io.sparkspann.spark.join;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The result of a range join, computed when its rows are asked for; the figures count along, and
 * count again what Spark computes again.
 */
public final class RangeJoinResult {
    private final Dataset<Row> rows;
    private final JoinCost cost;
    private final long queryRows;
    private final List<String> stages;
    private final int maxResults;

    private RangeJoinResult(
            Dataset<Row> rows, JoinCost cost, long queryRows, List<String> stages, int maxResults) {
        this.rows = rows;
        this.cost = cost;
        this.queryRows = queryRows;
        this.stages = stages;
        this.maxResults = maxResults;
    }

    static RangeJoinResult all(
            Dataset<Row> rows, JoinCost cost, long queryRows, List<String> stages) {
        return new RangeJoinResult(rows, cost, queryRows, stages, 0);
    }

    /**
     * @param result with one neighbour more
     */
    static RangeJoinResult capped(JoinResult result, int maxResults) {
        Dataset<Row> rows =
                result.rows()
                        .filter(functions.col(JoinResult.RANK).leq(maxResults))
                        .drop(JoinResult.RANK);
        return new RangeJoinResult(
                rows, result.cost(), result.queryRows(), result.stages(), maxResults);
    }

    /** Names of the stages of the Spark job that makes the rows, see {@link JoinResult#stages}. */
    public List<String> stages() {
        return stages;
    }

    /** Columns {@code query_id}, {@code neighbor_id}, {@code distance}. */
    public Dataset<Row> rows() {
        return rows;
    }

    /** Rows of the query table, those that cannot be used included. */
    public long queryRows() {
        return queryRows;
    }

    /** Queries answered so far. */
    public long queries() {
        return maxResults > 0 ? cost.queries().value() : queryRows - cost.skipped().value();
    }

    /** Pairs found so far. */
    public long pairs() {
        return cost.rows().value() - cappedQueries();
    }

    /** Queries that have more vectors within the radius than the most that were asked for. */
    public long cappedQueries() {
        return maxResults > 0 ? cost.fullLists().value() : 0;
    }

    /** Queries left out because they cannot be used. */
    public long skippedRows() {
        return cost.skipped().value();
    }

    /** Distances computed. */
    public long distances() {
        return cost.distances().value();
    }

    /** Bytes of postings read. */
    public long bytesRead() {
        return cost.bytesRead().value();
    }
}
