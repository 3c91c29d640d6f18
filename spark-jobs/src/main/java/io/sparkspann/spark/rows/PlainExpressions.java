package io.sparkspann.spark.rows;

import org.apache.spark.sql.catalyst.expressions.ApplyFunctionExpression;
import org.apache.spark.sql.catalyst.expressions.CallMethodViaReflection;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.UserDefinedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * Expressions that give the same values whenever they are evaluated, at little cost: Spark's own.
 * Functions of users pass for deterministic unless they say otherwise, but a model that makes
 * vectors of texts is dear, and may give others the next time; subqueries read other tables.
 */
final class PlainExpressions {
    private static final String OF_SPARK = "org.apache.spark.sql.catalyst.expressions.";

    /** Calls of any method. */
    private static final String OF_OBJECTS = OF_SPARK + "objects.";

    private PlainExpressions() {}

    /** Whether all expressions of a node are. */
    static boolean all(LogicalPlan plan) {
        if (!plan.deterministic()) {
            return false;
        }
        for (var expressions = plan.expressions().iterator(); expressions.hasNext(); ) {
            if (!isPlain(expressions.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(Expression expression) {
        String type = expression.getClass().getName();
        if (expression instanceof UserDefinedExpression
                || expression instanceof PlanExpression<?>
                || expression instanceof ApplyFunctionExpression
                || expression instanceof CallMethodViaReflection
                || !type.startsWith(OF_SPARK)
                || type.startsWith(OF_OBJECTS)) {
            return false;
        }
        for (var children = expression.children().iterator(); children.hasNext(); ) {
            if (!isPlain(children.next())) {
                return false;
            }
        }
        return true;
    }
}
