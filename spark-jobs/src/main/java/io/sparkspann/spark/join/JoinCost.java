package io.sparkspann.spark.join;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What a join costs, summed over its tasks. Retried tasks count again, so these are figures for
 * people.
 *
 * @param queries queries that were searched for
 * @param probes postings asked for, each query counting its own
 * @param distances distances between queries and records
 * @param bytesRead bytes of postings read
 * @param rows rows of the result
 * @param shortLists queries with fewer than k neighbours
 * @param skipped queries left out
 */
record JoinCost(
        LongAccumulator queries,
        LongAccumulator probes,
        LongAccumulator distances,
        LongAccumulator bytesRead,
        LongAccumulator rows,
        LongAccumulator shortLists,
        LongAccumulator skipped)
        implements Serializable {
    static JoinCost of(SparkContext context) {
        return new JoinCost(
                context.longAccumulator("spann queries"),
                context.longAccumulator("spann probes"),
                context.longAccumulator("spann distances"),
                context.longAccumulator("spann posting bytes"),
                context.longAccumulator("spann rows"),
                context.longAccumulator("spann short lists"),
                context.longAccumulator("spann skipped queries"));
    }
}
