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
    private final Seq<LogicalPlan> candidates;
    private final Seq<Attribute> candidateColumns;
    // For the driver only.
    private final transient IndexJoin join;

    /**
     * @param child queries
     * @param vector column of their vectors
     * @param neighborId the column that is added
     * @param candidates none where every row of the table may be found; else those that may, first
     *     their ids, then ids and vectors
     * @param candidateColumns all columns of the candidates
     */
    public IndexJoinPlan(
            LogicalPlan child,
            Attribute vector,
            Attribute neighborId,
            Seq<LogicalPlan> candidates,
            Seq<Attribute> candidateColumns,
            IndexJoin join) {
        this.child = child;
        this.vector = vector;
        this.neighborId = neighborId;
        this.candidates = candidates;
        this.candidateColumns = candidateColumns;
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

    Seq<LogicalPlan> candidates() {
        return candidates;
    }

    Seq<Attribute> candidateColumns() {
        return candidateColumns;
    }

    IndexJoin join() {
        return join;
    }

    @Override
    public Seq<LogicalPlan> children() {
        return candidates.toList().$colon$colon(child);
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
        return new IndexJoinPlan(
                newChildren.apply(0),
                vector,
                neighborId,
                newChildren.drop(1).toList(),
                candidateColumns,
                join);
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
        return nodeName() + " " + join + (candidates.isEmpty() ? "" : ", among=filtered rows");
    }

    @Override
    public int productArity() {
        return 6;
    }

    @Override
    public Object productElement(int n) {
        return switch (n) {
            case 0 -> child;
            case 1 -> vector;
            case 2 -> neighborId;
            case 3 -> candidates;
            case 4 -> candidateColumns;
            case 5 -> join;
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
                && candidates.equals(other.candidates)
                && candidateColumns.equals(other.candidateColumns)
                && join.equals(other.join);
    }

    @Override
    public int hashCode() {
        return Objects.hash(child, vector, neighborId, candidates, candidateColumns, join);
    }
}
