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
 * @param firstParts the first part of each shard, {@code shards + 1} numbers: the queries of a
 *     shard are divided into parts
 * @param mergeBuckets tasks of the merge
 * @param groupFirst whether queries are brought to the shards near to them before they look for
 *     heads
 */
record JoinPlan(
        int k,
        boolean excludeSelf,
        List<Double> fromDistances,
        List<Integer> probes,
        double epsilon,
        int chunkQueries,
        int[] firstParts,
        int mergeBuckets,
        boolean groupFirst)
        implements Serializable {
    /** Bits of the position of a query within a run that is not divided. */
    private static final int RUN_BITS = 13;

    static JoinPlan of(
            int k,
            boolean excludeSelf,
            ProbePolicy policy,
            int chunkQueries,
            int[] salts,
            int mergeBuckets,
            boolean groupFirst) {
        int[] firstParts = new int[salts.length + 1];
        for (int s = 0; s < salts.length; s++) {
            firstParts[s + 1] = firstParts[s] + salts[s];
        }
        return new JoinPlan(
                k,
                excludeSelf,
                new ArrayList<>(policy.fromDistances()),
                new ArrayList<>(policy.probes()),
                policy.epsilon(),
                chunkQueries,
                firstParts,
                mergeBuckets,
                groupFirst);
    }

    ProbePolicy policy() {
        return new ProbePolicy(fromDistances, probes, epsilon);
    }

    /** Length of the lists that shards keep: one more if the query itself may be among them. */
    int listLength() {
        return excludeSelf ? k + 1 : k;
    }

    /**
     * Which part of a shard gets a query. Queries that are read one after another stay together. It
     * depends on nothing but the key, because a task that runs again may see its queries in another
     * order, and yet must send each to the same part.
     */
    int salt(int shard, long key) {
        return (int)
                Math.floorMod(
                        (key >>> RUN_BITS) + (key >>> ReadQueries.ROW_BITS), (long) salts(shard));
    }

    int shards() {
        return firstParts.length - 1;
    }

    /** How many parts a shard has. */
    int salts(int shard) {
        return firstParts[shard + 1] - firstParts[shard];
    }
}
