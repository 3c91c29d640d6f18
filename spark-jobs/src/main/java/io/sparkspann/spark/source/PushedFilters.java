package io.sparkspann.spark.source;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.sources.And;
import org.apache.spark.sql.sources.EqualNullSafe;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.IsNotNull;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.LessThanOrEqual;
import org.apache.spark.sql.sources.Not;
import org.apache.spark.sql.sources.Or;
import org.apache.spark.sql.sources.StringContains;
import org.apache.spark.sql.sources.StringEndsWith;
import org.apache.spark.sql.sources.StringStartsWith;

/** Filters that Spark hands to a source, as conditions on the columns of its table. */
final class PushedFilters {
    private PushedFilters() {}

    /** Empty for a filter that is not known here, which Spark then applies alone. */
    static Optional<Column> condition(Filter filter) {
        if (filter instanceof And and) {
            // Either side alone leaves out nothing that both would keep.
            Optional<Column> left = condition(and.left());
            Optional<Column> right = condition(and.right());
            return left.isPresent() && right.isPresent()
                    ? Optional.of(left.get().and(right.get()))
                    : left.or(() -> right);
        }
        return exact(filter);
    }

    /** A condition that is equal to the filter. */
    private static Optional<Column> exact(Filter filter) {
        if (filter instanceof And and) {
            return both(and.left(), and.right()).map(sides -> sides[0].and(sides[1]));
        }
        if (filter instanceof Or or) {
            return both(or.left(), or.right()).map(sides -> sides[0].or(sides[1]));
        }
        if (filter instanceof Not not) {
            return exact(not.child()).map(functions::not);
        }
        return comparison(filter).or(() -> ofText(filter));
    }

    private static Optional<Column[]> both(Filter left, Filter right) {
        return exact(left)
                .flatMap(first -> exact(right).map(second -> new Column[] {first, second}));
    }

    private static Optional<Column> comparison(Filter filter) {
        if (filter instanceof EqualTo f) {
            return Optional.of(column(f.attribute()).equalTo(f.value()));
        }
        if (filter instanceof EqualNullSafe f) {
            return Optional.of(column(f.attribute()).eqNullSafe(f.value()));
        }
        if (filter instanceof GreaterThan f) {
            return Optional.of(column(f.attribute()).gt(f.value()));
        }
        if (filter instanceof GreaterThanOrEqual f) {
            return Optional.of(column(f.attribute()).geq(f.value()));
        }
        if (filter instanceof LessThan f) {
            return Optional.of(column(f.attribute()).lt(f.value()));
        }
        if (filter instanceof LessThanOrEqual f) {
            return Optional.of(column(f.attribute()).leq(f.value()));
        }
        if (filter instanceof In f) {
            return Optional.of(column(f.attribute()).isin(f.values()));
        }
        if (filter instanceof IsNull f) {
            return Optional.of(column(f.attribute()).isNull());
        }
        if (filter instanceof IsNotNull f) {
            return Optional.of(column(f.attribute()).isNotNull());
        }
        return Optional.empty();
    }

    private static Optional<Column> ofText(Filter filter) {
        if (filter instanceof StringStartsWith f) {
            return Optional.of(column(f.attribute()).startsWith(f.value()));
        }
        if (filter instanceof StringEndsWith f) {
            return Optional.of(column(f.attribute()).endsWith(f.value()));
        }
        if (filter instanceof StringContains f) {
            return Optional.of(column(f.attribute()).contains(f.value()));
        }
        return Optional.empty();
    }

    /** Spark quotes the parts of a name that need it; fields of structs have dots. */
    private static Column column(String attribute) {
        return functions.col(attribute);
    }
}
