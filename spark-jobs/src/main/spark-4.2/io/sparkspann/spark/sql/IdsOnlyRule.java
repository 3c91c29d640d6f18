package io.sparkspann.spark.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.Option;
import scala.runtime.AbstractPartialFunction;

/**
 * Leaves the table beside an index unread where nothing but its ids is asked for: the index has
 * them. Runs after Spark has removed columns that nobody wants.
 */
public final class IdsOnlyRule extends Rule<LogicalPlan> {
    /**
     * @param session for which it is made
     */
    public IdsOnlyRule(SparkSession session) {}

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformUp(
                new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
                    @Override
                    public boolean isDefinedAt(LogicalPlan node) {
                        return node instanceof Join join && withoutTable(join).isPresent();
                    }

                    @Override
                    public LogicalPlan apply(LogicalPlan node) {
                        return withoutTable((Join) node).orElseThrow();
                    }
                });
    }

    private static Optional<LogicalPlan> withoutTable(Join join) {
        List<Attribute> right = Plans.list(join.right().output());
        boolean keepsQueries =
                join.joinType().equals(Inner$.MODULE$)
                        || join.joinType().equals(LeftOuter$.MODULE$);
        if (!keepsQueries
                || right.size() != 1
                || join.condition().isEmpty()
                || !(join.condition().get() instanceof EqualTo equal)
                || !isWholeTable(join.right(), right.get(0))) {
            return Optional.empty();
        }
        Attribute id = right.get(0);
        Optional<Attribute> neighborId = neighborId(join.left(), equal, id);
        return neighborId.map(found -> new Project(columns(join.left(), found, id), join.left()));
    }

    /** Whether no row of a table is left out; ids are not null. */
    private static boolean isWholeTable(LogicalPlan plan, Attribute id) {
        if (plan instanceof Project project) {
            return isWholeTable(project.child(), id);
        }
        if (plan instanceof Filter filter) {
            return filter.condition() instanceof IsNotNull notNull
                    && notNull.child().equals(id)
                    && isWholeTable(filter.child(), id);
        }
        return plan instanceof LogicalRelation;
    }

    /**
     * The neighbours' ids of an index join on the left, if the condition compares them with ids.
     */
    private static Optional<Attribute> neighborId(LogicalPlan left, EqualTo equal, Attribute id) {
        Expression other = bare(equal.left()).equals(id) ? equal.right() : equal.left();
        boolean compares = bare(equal.left()).equals(id) || bare(equal.right()).equals(id);
        if (!compares || !(other instanceof Attribute attribute)) {
            return Optional.empty();
        }
        return producer(left, attribute).map(join -> attribute);
    }

    private static Expression bare(Expression expression) {
        return expression instanceof Cast cast ? cast.child() : expression;
    }

    private static Optional<IndexJoinPlan> producer(LogicalPlan plan, Attribute attribute) {
        if (plan instanceof IndexJoinPlan join) {
            boolean same = join.neighborId().exprId().equals(attribute.exprId());
            return same ? Optional.of(join) : Optional.empty();
        }
        boolean keepsRows = plan instanceof Project || plan instanceof Filter;
        return keepsRows ? producer(plan.children().head(), attribute) : Optional.empty();
    }

    private static scala.collection.immutable.Seq<NamedExpression> columns(
            LogicalPlan left, Attribute neighborId, Attribute id) {
        List<NamedExpression> columns = new ArrayList<>(Plans.list(left.output()));
        Expression value =
                neighborId.dataType().equals(id.dataType())
                        ? neighborId
                        : new Cast(neighborId, id.dataType(), Option.empty());
        columns.add(
                new Alias(
                        value, id.name(), id.exprId(), Plans.none(), Option.empty(), Plans.none()));
        return Plans.seq(columns);
    }
}
