package io.sparkspann.spark.join;

import io.sparkspann.search.ProbePolicy;
import java.io.Serializable;
import java.util.List;

/**
 * What the tasks of a join do.
 *
 * @param selection which neighbours become rows
 * @param fromDistances of the probe policy
 * @param probes of the probe policy
 * @param epsilon of the probe policy
 * @param chunkQueries queries that a task searches for at once, at most
 * @param chunkIdBytes bytes of ids that queries are gathered up to before they are searched for
 * @param shards shards of the index
 * @param salts parts into which the queries of each shard are divided; those of a shard are
 *     numbered together
 * @param mergeBuckets tasks of the merge, if there is one
 * @param direct whether a part of the queries is searched for in all shards by one task; otherwise
 *     shards are scanned apart, and what they find is merged
 */
public record JoinPlan(
        Selection selection,
        List<Double> fromDistances,
        List<Integer> probes,
        double epsilon,
        int chunkQueries,
        long chunkIdBytes,
        int shards,
        int salts,
        int mergeBuckets,
        boolean direct)
        implements Serializable {
    /** Bits of the position of a query within a run that is not divided. */
    private static final int RUN_BITS = 13;

    ProbePolicy policy() {
        return new ProbePolicy(fromDistances, probes, epsilon);
    }

    /** Number of parts of all shards. */
    public int parts() {
        return shards * salts;
    }

    /**
     * Which part of a shard gets a query. Queries that are read one after another stay together. It
     * depends on nothing but the key, because a task that runs again may see its queries in another
     * order, and yet must send each to the same part.
     */
    int part(int shard, long key) {
        long run = (key >>> RUN_BITS) + (key >>> ReadQueries.ROW_BITS);
        return firstPart(shard) + (int) Math.floorMod(run, (long) salts);
    }

    int firstPart(int shard) {
        return shard * salts;
    }

    int shardOf(int part) {
        return part / salts;
    }
}
