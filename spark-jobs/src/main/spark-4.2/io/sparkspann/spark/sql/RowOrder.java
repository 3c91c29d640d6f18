package io.sparkspann.spark.sql;

import io.sparkspann.spark.input.RowHash;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Ascending$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.CreateStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NullsFirst$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.StructsToJson;
import org.apache.spark.sql.catalyst.expressions.XxHash64;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.internal.SQLConf;
import scala.Option;

/** Queries are told apart by position, so a task that runs again must see the same order. */
final class RowOrder {
    private RowOrder() {}

    /** The rows of each partition, in an order that depends on nothing but their content. */
    static LogicalPlan stable(LogicalPlan rows) {
        List<Expression> hashed = new ArrayList<>();
        for (Attribute column : Plans.list(rows.output())) {
            hashed.add(RowHash.canBeHashed(column.dataType()) ? column : text(column));
        }
        Expression hash = new XxHash64(Plans.seq(hashed));
        SortOrder order =
                new SortOrder(hash, Ascending$.MODULE$, NullsFirst$.MODULE$, Plans.none());
        return new Sort(Plans.one(order), false, rows, Option.empty());
    }

    /** What the optimizer would make of it, which has run already. */
    private static Expression text(Attribute column) {
        return new StructsToJson(
                        scala.collection.immutable.Map$.MODULE$.empty(),
                        CreateStruct.create(Plans.one(column)),
                        Option.apply(SQLConf.get().sessionLocalTimeZone()))
                .replacement();
    }
}
