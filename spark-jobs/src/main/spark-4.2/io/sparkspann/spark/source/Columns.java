package io.sparkspann.spark.source;

import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.internal.SQLConf;
import scala.Function2;
import scala.jdk.javaapi.CollectionConverters;

/** Columns of a plan by their names. */
public final class Columns {
    private Columns() {}

    /** The column of a name, as the session compares names; empty if there is none. */
    public static Optional<Attribute> of(LogicalPlan plan, String name) {
        Function2<String, String, Object> same = SQLConf.get().resolver();
        return CollectionConverters.asJava(plan.output()).stream()
                .filter(attribute -> (Boolean) same.apply(attribute.name(), name))
                .findFirst();
    }
}
