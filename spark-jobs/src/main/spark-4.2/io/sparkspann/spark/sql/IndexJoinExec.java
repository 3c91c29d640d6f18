package io.sparkspann.spark.sql;

import io.sparkspann.spark.join.RowJoin;
import java.util.Objects;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.execution.SparkPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** Runs an {@link IndexJoinPlan}. */
public final class IndexJoinExec extends SparkPlan {
    private static final long serialVersionUID = 1L;

    private final SparkPlan child;
    private final Attribute vector;
    private final Attribute neighborId;
    // For the driver only.
    private final transient IndexJoin join;

    /**
     * @param child queries, whose last column is {@code vector}
     */
    public IndexJoinExec(SparkPlan child, Attribute vector, Attribute neighborId, IndexJoin join) {
        this.child = child;
        this.vector = vector;
        this.neighborId = neighborId;
        this.join = join;
    }

    @Override
    public Seq<SparkPlan> children() {
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
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
        return new IndexJoinExec(newChildren.apply(0), vector, neighborId, join);
    }

    @Override
    public RDD<InternalRow> doExecute() {
        return RowJoin.of(session(), join.indexUri(), join.manifest())
                .with(join.search())
                .outer(join.outer())
                .idsOnly(child.schema(), child.execute());
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
        return that instanceof IndexJoinExec;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof IndexJoinExec other
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
