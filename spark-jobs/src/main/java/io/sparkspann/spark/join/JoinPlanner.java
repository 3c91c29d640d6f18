package io.sparkspann.spark.join;

import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.SearchOptions;
import java.util.ArrayList;

/**
 * Decides how a join is divided into tasks.
 *
 * @param index the index
 * @param policy how many postings queries read
 * @param k neighbours wished for
 * @param excludeSelf whether a neighbour with the query's own id is left out
 * @param memory that the join may take
 */
public record JoinPlanner(
        Indexed index, ProbePolicy policy, int k, boolean excludeSelf, JoinMemory memory) {
    /** Shards that a query's lists come from, about. */
    public static final int FAN = 3;

    /** Queries and neighbours of a merge task, about. */
    private static final long MERGE_QUERIES = 1 << 16;

    private static final long MERGE_NEIGHBORS = 1 << 22;

    /** What is to be known of an index. */
    public record Indexed(int shards, long heads, VectorSpace space) {
        static Indexed of(Manifest manifest) {
            long heads = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
            return new Indexed(manifest.shards().size(), heads, manifest.schema().space());
        }
    }

    static JoinPlanner of(
            Manifest manifest, SearchOptions options, boolean excludeSelf, JoinMemory memory) {
        return new JoinPlanner(
                Indexed.of(manifest), options.policy(manifest), options.k(), excludeSelf, memory);
    }

    /**
     * @param parallelism tasks at a time, about
     */
    public JoinPlan plan(long queryCount, int parallelism) {
        int shards = index.shards();
        // Queries as they came, as floats and embedded; lists while they grow and as they are sent.
        long rowBytes = 12L * index.space().dimensions() + 40L * k + 8L * policy.maxProbes();
        int chunk = (int) Math.max(64, Math.min(1 << 18, memory.taskBytes() / rowBytes));
        // A query goes to a few shards, and queries may crowd in one: then its parts take turns.
        long perShard = Math.max(1, FAN * queryCount / Math.max(1, shards));
        int salt = (int) Math.max(1, Math.min(1024, (perShard + chunk - 1) / chunk));
        int wished = (parallelism + shards - 1) / shards;
        int salts = Math.max(salt, (int) Math.min(wished, Math.max(1, perShard / 4096)));
        long merges =
                Math.max(
                        ceilDiv(queryCount, MERGE_QUERIES),
                        ceilDiv(queryCount * FAN * k, MERGE_NEIGHBORS));
        return new JoinPlan(
                k,
                excludeSelf,
                new ArrayList<>(policy.fromDistances()),
                new ArrayList<>(policy.probes()),
                policy.epsilon(),
                chunk,
                shards,
                salts,
                (int) Math.max(1, Math.min(100_000, Math.max(parallelism, merges))),
                !treesFit());
    }

    /** Whether an executor can hold the heads of all shards. */
    private boolean treesFit() {
        return index.heads() * ShardTree.bytesOfHead(index.space()) <= memory.treeBytes();
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
