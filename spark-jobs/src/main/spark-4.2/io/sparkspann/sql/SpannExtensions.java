package io.sparkspann.sql;

import io.sparkspann.spark.sql.IdsOnlyRule;
import io.sparkspann.spark.sql.IndexJoinStrategy;
import io.sparkspann.spark.sql.NearestByRule;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Lets joins with {@code APPROX NEAREST} run on indexes: {@code
 * spark.sql.extensions=io.sparkspann.sql.SpannExtensions}.
 *
 * <p>A join {@code q JOIN t APPROX NEAREST k BY DISTANCE vector_l2_distance(q.v, t.v)}, or {@code
 * BY SIMILARITY} of {@code vector_cosine_similarity} or {@code vector_inner_product}, inner or left
 * outer, is taken over if {@code t} is a table of the source {@code spann} whose index has that
 * metric. All other joins stay as Spark makes them, and so do their results.
 */
public final class SpannExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        // Spark rewrites the join as the first thing in its optimizer, which is too late.
        extensions.injectPostHocResolutionRule(function(NearestByRule::new));
        extensions.injectOptimizerRule(function(IdsOnlyRule::new));
        extensions.injectPlannerStrategy(function(IndexJoinStrategy::new));
        return BoxedUnit.UNIT;
    }

    private static <T, R> AbstractFunction1<T, R> function(java.util.function.Function<T, R> body) {
        return new AbstractFunction1<>() {
            @Override
            public R apply(T argument) {
                return body.apply(argument);
            }
        };
    }
}
