package io.sparkspann.spark.join;

import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Queries that carry columns of their rows along.
 *
 * @param carried the columns
 * @param ownId position of the column that holds the query's own id; -1 if none is to be compared
 * @param schema carried columns, then the vector
 * @param vectorName what messages call the column of the vector
 * @param keepWithout whether a query without a vector to search for is one without neighbours,
 *     rather than one that cannot be used
 */
record CarriedQueries(
        StructType carried, int ownId, StructType schema, String vectorName, boolean keepWithout) {
    /** The rows of the join with these queries. Runs a job that evaluates and counts them. */
    RDD<InternalRow> join(JoinSetup setup, JoinOptions options, RDD<InternalRow> rows) {
        InputSpec spec = InputSpec.of("queries").withColumns("id", vectorName);
        VectorTable table =
                VectorTable.carrying(
                        schema,
                        rows,
                        new VectorTable.Carrying(
                                setup.spec(spec),
                                setup.manifest().schema().dimensions(),
                                keepWithout));
        QueryBlock.Codec codec = QueryBlock.Codec.of(table);
        JoinCost cost = JoinCost.of(setup.spark().sparkContext());
        StoredQueries stored = StoredQueries.of(table.batches(), codec, cost);
        long count =
                StageName.during(
                        setup.spark().sparkContext(), JoinSteps.QUERY_STAGE, stored::count);
        JoinSteps steps =
                setup.steps(
                        codec, count, RowBytes.of(carried), columns(setup, options), options, cost);
        return steps.rows(stored.batches()).rdd();
    }

    JoinColumns columns(JoinSetup setup, JoinOptions options) {
        return new CarriedColumns(
                carried,
                ownId,
                new NeighborColumns(
                        setup.manifest().schema().idType(), options.selection().outer()));
    }
}
