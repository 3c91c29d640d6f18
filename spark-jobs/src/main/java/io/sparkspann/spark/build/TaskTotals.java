package io.sparkspann.spark.build;

import io.sparkspann.build.TaskOutput;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What the tasks of a stage of a build did, for Spark's user interface. Retried tasks count again.
 *
 * @param writtenBytes bytes of files that were written
 * @param distances distances of the tasks that count them
 */
record TaskTotals(LongAccumulator writtenBytes, LongAccumulator distances) implements Serializable {
    static TaskTotals of(SparkContext context) {
        return new TaskTotals(
                context.longAccumulator("spann bytes written"),
                context.longAccumulator("spann distances"));
    }

    /** The result of a task as bytes, counted. */
    byte[] encode(Serializable result) {
        if (result instanceof TaskOutput output) {
            writtenBytes.add(output.writtenBytes());
            distances.add(output.distances());
        }
        return TaskResult.encode(result);
    }
}
