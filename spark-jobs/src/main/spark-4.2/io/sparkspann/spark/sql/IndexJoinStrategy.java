package io.sparkspann.spark.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans joins with an index. */
public final class IndexJoinStrategy extends SparkStrategy {
    /**
     * @param session for which it is made
     */
    public IndexJoinStrategy(SparkSession session) {}

    /**
     * The queries, in an order of their own, with their vectors in the last column. They are put in
     * order here, where only the columns that somebody wants are left.
     */
    private SparkPlan vectorLast(IndexJoinPlan join) {
        SparkPlan queries = planLater(RowOrder.stable(join.child()));
        List<Attribute> output = Plans.list(join.child().output());
        if (output.get(output.size() - 1).exprId().equals(join.vector().exprId())) {
            return queries;
        }
        List<NamedExpression> columns = new ArrayList<>();
        for (Attribute column : output) {
            if (!column.exprId().equals(join.vector().exprId())) {
                columns.add(column);
            }
        }
        columns.add(join.vector());
        return new ProjectExec(Plans.seq(columns), queries);
    }

    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        if (plan instanceof IndexJoinPlan join) {
            List<SparkPlan> candidates =
                    Plans.list(join.candidates()).stream().map(this::planLater).toList();
            return Plans.one(
                    new IndexJoinExec(
                            vectorLast(join),
                            join.vector(),
                            join.neighborId(),
                            Plans.seq(candidates),
                            join.candidateColumns(),
                            join.join()));
        }
        return Plans.none();
    }
}
