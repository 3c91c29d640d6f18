package io.sparkspann.spark.sql;

import io.sparkspann.distance.Metric;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.VectorCosineSimilarity;
import org.apache.spark.sql.catalyst.expressions.VectorInnerProduct;
import org.apache.spark.sql.catalyst.expressions.VectorL2Distance;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.FloatType;

/** What expressions of a query say about vectors. */
final class Expressions {
    private Expressions() {}

    /**
     * A ranking that some index could answer.
     *
     * @param metric of the index
     * @param similarity whether a greater number is nearer
     */
    record Ranking(Metric metric, boolean similarity, Expression left, Expression right) {}

    static Optional<Ranking> ranking(Expression expression) {
        if (expression instanceof VectorL2Distance d) {
            return Optional.of(new Ranking(Metric.L2, false, d.left(), d.right()));
        }
        if (expression instanceof VectorCosineSimilarity s) {
            return Optional.of(new Ranking(Metric.COSINE, true, s.left(), s.right()));
        }
        if (expression instanceof VectorInnerProduct p) {
            return Optional.of(new Ranking(Metric.IP, true, p.left(), p.right()));
        }
        return Optional.empty();
    }

    /** What a column of a projection is made of. */
    static Expression origin(Object column) {
        return column instanceof Alias alias ? alias.child() : (Expression) column;
    }

    /** Whether an expression is this column of vectors, if narrowed to floats, as indexes do. */
    static boolean isVector(Expression expression, Attribute vector) {
        Expression bare =
                expression instanceof Cast cast
                                && cast.dataType() instanceof ArrayType array
                                && array.elementType() instanceof FloatType
                        ? cast.child()
                        : expression;
        return bare instanceof Attribute attribute && attribute.exprId().equals(vector.exprId());
    }
}
