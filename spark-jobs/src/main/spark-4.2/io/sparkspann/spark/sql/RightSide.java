package io.sparkspann.spark.sql;

import io.sparkspann.spark.source.Columns;
import io.sparkspann.spark.source.IndexedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sample;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;

/**
 * The right side of a join, if it is a table of an index.
 *
 * @param plan the side, with the ids among its columns
 * @param table the table and its index
 * @param id column of the ids in the plan
 * @param vector column of the vectors in the plan
 * @param filtered whether rows of the table are left out
 */
record RightSide(
        LogicalPlan plan, IndexedTable table, Attribute id, Attribute vector, boolean filtered) {
    /**
     * @param tables the tables that there are
     */
    static Optional<RightSide> of(LogicalPlan plan, Tables tables) {
        if (plan instanceof LogicalRelation || plan instanceof DataSourceV2Relation) {
            return tables.indexed(plan).flatMap(table -> of(plan, table));
        }
        if (plan instanceof SubqueryAlias alias) {
            return of(alias.child(), tables);
        }
        if (plan instanceof View view) {
            return of(view.child(), tables);
        }
        if (plan instanceof Project project && project.deterministic()) {
            return of(project.child(), tables).map(side -> side.under(project));
        }
        if (plan instanceof Filter filter && alwaysTheSame(filter)) {
            return of(filter.child(), tables).map(side -> side.under(filter));
        }
        return tables.meaning(plan).flatMap(meaning -> of(meaning, tables));
    }

    private static Optional<RightSide> of(LogicalPlan plan, IndexedTable table) {
        Optional<Attribute> id = Columns.of(plan, table.idColumn());
        Optional<Attribute> vector = Columns.of(plan, table.vectorColumn());
        return id.isPresent() && vector.isPresent()
                ? Optional.of(new RightSide(plan, table, id.get(), vector.get(), false))
                : Optional.empty();
    }

    /**
     * Whether a filter leaves the same rows each time: it is evaluated for the neighbours that may
     * be found, and for their rows.
     */
    private static boolean alwaysTheSame(Filter filter) {
        return filter.deterministic()
                && Plans.list(filter.subqueriesAll()).stream().noneMatch(RightSide::takesSome);
    }

    private static boolean takesSome(LogicalPlan plan) {
        return plan instanceof LocalLimit
                || plan instanceof Offset
                || plan instanceof Sample
                || Plans.list(plan.children()).stream().anyMatch(RightSide::takesSome);
    }

    /** This side without the rows for which a condition does not hold. */
    private RightSide under(Filter filter) {
        return new RightSide(new Filter(filter.condition(), plan), table, id, vector, true);
    }

    /** This side with the columns of a projection, and the ids. */
    private RightSide under(Project project) {
        List<NamedExpression> columns = new ArrayList<>(Plans.list(project.projectList()));
        Attribute renamed =
                columns.stream()
                        .filter(column -> Expressions.isVector(Expressions.origin(column), vector))
                        .map(NamedExpression::toAttribute)
                        .findFirst()
                        .orElse(vector);
        if (columns.stream().noneMatch(column -> column.exprId().equals(id.exprId()))) {
            columns.add(id);
        }
        return new RightSide(new Project(Plans.seq(columns), plan), table, id, renamed, filtered);
    }
}
