package io.sparkspann.spark.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import scala.Option;

/** The common table expressions of a plan, which Spark puts in their places later on. */
final class CommonTables {
    private final Map<Long, LogicalPlan> definitions = new HashMap<>();

    static CommonTables of(LogicalPlan plan) {
        CommonTables tables = new CommonTables();
        tables.collect(plan);
        return tables;
    }

    private void collect(LogicalPlan plan) {
        if (plan instanceof WithCTE with) {
            for (CTERelationDef definition : Plans.list(with.cteDefs())) {
                definitions.put(definition.id(), definition.child());
            }
        }
        for (LogicalPlan child : Plans.list(plan.children())) {
            collect(child);
        }
    }

    /** What a reference stands for, with its columns; empty for other plans. */
    Optional<LogicalPlan> meaning(LogicalPlan plan) {
        if (!(plan instanceof CTERelationRef reference)
                || reference.recursive()
                || !definitions.containsKey(reference.cteId())) {
            return Optional.empty();
        }
        LogicalPlan definition = definitions.get(reference.cteId());
        List<Attribute> made = Plans.list(definition.output());
        List<Attribute> named = Plans.list(reference.output());
        List<NamedExpression> columns = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            Attribute name = named.get(i);
            columns.add(
                    new Alias(
                            made.get(i),
                            name.name(),
                            name.exprId(),
                            Plans.none(),
                            Option.empty(),
                            Plans.none()));
        }
        return Optional.of(new Project(Plans.seq(columns), definition));
    }
}
