package io.sparkspann.spark.sql;

import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.math.BigInt;

/**
 * A join with an index in Spark's logical plans: the columns of its child but the vector to search
 * for, and the id of a neighbour. Constructor and product elements correspond, because Spark copies
 * plans by them.
 */
public final class IndexJoinPlan extends LogicalPlan {
    private static final long serialVersionUID = 1L;

    private final LogicalPlan child;
    private final Attribute vector;
    private final Attribute neighborId;
    // For the driver only.
    private final transient IndexJoin join;

    /**
     * @param child queries
     * @param vector column of their vectors
     * @param neighborId the column that is added
     */
    public IndexJoinPlan(
            LogicalPlan child, Attribute vector, Attribute neighborId, IndexJoin join) {
        this.child = child;
        this.vector = vector;
        this.neighborId = neighborId;
        this.join = join;
    }

    LogicalPlan child() {
        return child;
    }

    Attribute vector() {
        return vector;
    }

    Attribute neighborId() {
        return neighborId;
    }

    IndexJoin join() {
        return join;
    }

    @Override
    public Seq<LogicalPlan> children() {
        return Plans.one(child);
    }

    @Override
    public Seq<Attribute> output() {
        return Plans.output(child.output(), vector, neighborId);
    }

    @Override
    public AttributeSet producedAttributes() {
        return Plans.attributes(neighborId);
    }

    @Override
    public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
        return new IndexJoinPlan(newChildren.apply(0), vector, neighborId, join);
    }

    @Override
    public Statistics stats() {
        BigInt bytes = child.stats().sizeInBytes().$times(BigInt.apply(join.search().k()));
        return child.stats()
                .copy(
                        bytes,
                        scala.Option.empty(),
                        child.stats().attributeStats(),
                        child.stats().isRuntime());
    }

    @Override
    public String nodeName() {
        return "SpannNearestJoin";
    }

    @Override
    public String simpleString(int maxFields) {
        return nodeName() + " " + join;
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int n) {
        return switch (n) {
            case 0 -> child;
            case 1 -> vector;
            case 2 -> neighborId;
            case 3 -> join;
            default -> throw new IndexOutOfBoundsException(n);
        };
    }

    @Override
    public boolean canEqual(Object that) {
        return that instanceof IndexJoinPlan;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof IndexJoinPlan other
                && child.equals(other.child)
                && vector.equals(other.vector)
                && neighborId.equals(other.neighborId)
                && join.equals(other.join);
    }

    @Override
    public int hashCode() {
        return Objects.hash(child, vector, neighborId, join);
    }
}
