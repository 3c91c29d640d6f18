package io.sparkspann.spark.join;

import io.sparkspann.search.ProbePolicy;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tasks of a join do.
 *
 * @param k neighbours wished for
 * @param excludeSelf whether a neighbour with the query's own id is left out
 * @param fromDistances of the probe policy
 * @param probes of the probe policy
 * @param epsilon of the probe policy
 * @param chunkQueries queries that a task holds in memory at most
 * @param salts for each shard into how many parts its queries are divided
 * @param mergeBuckets tasks of the merge
 */
record JoinPlan(
        int k,
        boolean excludeSelf,
        List<Double> fromDistances,
        List<Integer> probes,
        double epsilon,
        int chunkQueries,
        int[] salts,
        int mergeBuckets)
        implements Serializable {
    static JoinPlan of(
            int k,
            boolean excludeSelf,
            ProbePolicy policy,
            int chunkQueries,
            int[] salts,
            int mergeBuckets) {
        return new JoinPlan(
                k,
                excludeSelf,
                new ArrayList<>(policy.fromDistances()),
                new ArrayList<>(policy.probes()),
                policy.epsilon(),
                chunkQueries,
                salts,
                mergeBuckets);
    }

    ProbePolicy policy() {
        return new ProbePolicy(fromDistances, probes, epsilon);
    }

    /** Length of the lists that shards keep: one more if the query itself may be among them. */
    int listLength() {
        return excludeSelf ? k + 1 : k;
    }

    /** The first part of each shard, {@code shards + 1} numbers. */
    int[] firstParts() {
        int[] first = new int[salts.length + 1];
        for (int s = 0; s < salts.length; s++) {
            first[s + 1] = first[s] + salts[s];
        }
        return first;
    }
}
