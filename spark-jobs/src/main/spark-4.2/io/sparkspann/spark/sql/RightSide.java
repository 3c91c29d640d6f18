package io.sparkspann.spark.sql;

import io.sparkspann.spark.source.TableRelation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.execution.datasources.LogicalRelation;

/**
 * The right side of a join, if it is a table of an index of which no row is left out.
 *
 * @param plan the side, with the ids among its columns
 * @param relation the table
 * @param id column of the ids in the plan
 * @param vector column of the vectors in the plan
 */
record RightSide(LogicalPlan plan, TableRelation relation, Attribute id, Attribute vector) {
    /**
     * @param tables what names of common table expressions stand for
     */
    static Optional<RightSide> of(LogicalPlan plan, CommonTables tables) {
        if (plan instanceof LogicalRelation relation
                && relation.relation() instanceof TableRelation table) {
            return Optional.of(
                    new RightSide(
                            plan,
                            table,
                            column(plan, table.table().idColumn()),
                            column(plan, table.table().vectorColumn())));
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
        return tables.meaning(plan).flatMap(meaning -> of(meaning, tables));
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
        if (columns.stream().noneMatch(id::equals)) {
            columns.add(id);
        }
        return new RightSide(new Project(Plans.seq(columns), plan), relation, id, renamed);
    }

    private static Attribute column(LogicalPlan plan, String name) {
        return Plans.list(plan.output()).stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
