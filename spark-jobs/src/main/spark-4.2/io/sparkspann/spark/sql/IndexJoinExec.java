package io.sparkspann.spark.sql;

import io.sparkspann.spark.join.Candidates;
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
    private final Seq<SparkPlan> candidates;
    private final Seq<Attribute> candidateColumns;
    // For the driver only.
    private final transient IndexJoin join;

    /**
     * @param child queries, whose last column is {@code vector}
     * @param candidates see {@link IndexJoinPlan}
     * @param candidateColumns see {@link IndexJoinPlan}
     */
    public IndexJoinExec(
            SparkPlan child,
            Attribute vector,
            Attribute neighborId,
            Seq<SparkPlan> candidates,
            Seq<Attribute> candidateColumns,
            IndexJoin join) {
        this.child = child;
        this.vector = vector;
        this.neighborId = neighborId;
        this.candidates = candidates;
        this.candidateColumns = candidateColumns;
        this.join = join;
    }

    @Override
    public Seq<SparkPlan> children() {
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
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
        return new IndexJoinExec(
                newChildren.apply(0),
                vector,
                neighborId,
                newChildren.drop(1).toList(),
                candidateColumns,
                join);
    }

    @Override
    public RDD<InternalRow> doExecute() {
        RowJoin rows =
                RowJoin.of(session(), join.indexUri(), join.manifest())
                        .with(join.search())
                        .outer(join.outer());
        if (!candidates.isEmpty()) {
            SparkPlan ids = candidates.apply(0);
            SparkPlan vectors = candidates.apply(1);
            rows = rows.among(new Candidates(ids::execute, vectors.schema(), vectors::execute));
        }
        return rows.idsOnly(child.schema(), child.execute());
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
        return that instanceof IndexJoinExec;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof IndexJoinExec other
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
