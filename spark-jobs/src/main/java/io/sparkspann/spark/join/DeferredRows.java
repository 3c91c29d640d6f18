package io.sparkspann.spark.join;

import java.util.function.Supplier;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.collection.immutable.List;
import scala.collection.immutable.List$;
import scala.reflect.ClassTag$;

/**
 * Rows whose plan is made when they are first asked for, because making it takes Spark jobs: a plan
 * that is only explained runs none.
 */
final class DeferredRows extends RDD<InternalRow> {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<RDD<InternalRow>> maker;
    private transient RDD<InternalRow> made;

    DeferredRows(SparkContext context, Supplier<RDD<InternalRow>> maker) {
        super(context, none(), ClassTag$.MODULE$.apply(InternalRow.class));
        this.maker = maker;
    }

    private static List<Dependency<?>> none() {
        return List$.MODULE$.empty();
    }

    private synchronized RDD<InternalRow> made() {
        if (made == null) {
            made = maker.get();
        }
        return made;
    }

    @Override
    public Partition[] getPartitions() {
        return made().partitions();
    }

    @Override
    public List<Dependency<?>> getDependencies() {
        return none().$colon$colon(new OneToOneDependency<>(made()));
    }

    @Override
    public Iterator<InternalRow> compute(Partition split, TaskContext context) {
        return this.<InternalRow>firstParent(elementClassTag()).iterator(split, context);
    }
}
