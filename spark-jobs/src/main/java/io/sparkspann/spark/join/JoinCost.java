package io.sparkspann.spark.join;

import io.sparkspann.search.ScanStats;
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
 * @param postingsRead postings read; one that is read for many queries counts once
 * @param bytesRead bytes of postings read
 * @param rows rows of the result
 * @param shortLists queries with fewer than k neighbours
 * @param fullLists queries with k neighbours
 * @param skipped queries left out
 */
record JoinCost(
        LongAccumulator queries,
        LongAccumulator probes,
        LongAccumulator distances,
        LongAccumulator postingsRead,
        LongAccumulator bytesRead,
        LongAccumulator rows,
        LongAccumulator shortLists,
        LongAccumulator fullLists,
        LongAccumulator skipped)
        implements Serializable {
    /** Adds what a scan cost, but not its queries. */
    void addScan(ScanStats stats) {
        distances.add(stats.distances());
        postingsRead.add(stats.postingsRead());
        bytesRead.add(stats.bytesRead());
    }

    static JoinCost of(SparkContext context) {
        return new JoinCost(
                context.longAccumulator("spann queries"),
                context.longAccumulator("spann probes"),
                context.longAccumulator("spann distances"),
                context.longAccumulator("spann postings read"),
                context.longAccumulator("spann posting bytes read"),
                context.longAccumulator("spann rows"),
                context.longAccumulator("spann short lists"),
                context.longAccumulator("spann full lists"),
                context.longAccumulator("spann skipped queries"));
    }
}
