package io.sparkspann.spark.join;

import io.sparkspann.cluster.ShardTree;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.SearchOptions;
import java.util.ArrayList;

/** Decides how a join is divided into tasks. */
record JoinPlanner(
        Manifest manifest, SearchOptions options, boolean excludeSelf, JoinMemory memory) {
    /** Shards that a query's lists come from, about. */
    private static final int FAN = 3;

    /** Queries and neighbours of a merge task, about. */
    private static final long MERGE_QUERIES = 1 << 16;

    private static final long MERGE_NEIGHBORS = 1 << 22;

    /**
     * @param parallelism tasks at a time, about
     */
    JoinPlan plan(long queryCount, int parallelism) {
        ProbePolicy policy = options.policy(manifest);
        int shards = manifest.shards().size();
        // Queries as they came, as floats and embedded; lists while they grow and as they are sent.
        long rowBytes =
                12L * manifest.schema().dimensions() + 40L * options.k() + 8L * policy.maxProbes();
        int chunk = (int) Math.max(64, Math.min(1 << 18, memory.taskBytes() / rowBytes));
        // A query goes to a few shards, and queries may crowd in one: then its parts take turns.
        long perShard = Math.max(1, FAN * queryCount / Math.max(1, shards));
        int salt = (int) Math.max(1, Math.min(1024, (perShard + chunk - 1) / chunk));
        int wished = (parallelism + shards - 1) / shards;
        int salts = Math.max(salt, (int) Math.min(wished, Math.max(1, perShard / 4096)));
        long merges =
                Math.max(
                        ceilDiv(queryCount, MERGE_QUERIES),
                        ceilDiv(queryCount * FAN * options.k(), MERGE_NEIGHBORS));
        return new JoinPlan(
                options.k(),
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
        long heads = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
        return heads * ShardTree.bytesOfHead(manifest.schema().space()) <= memory.treeBytes();
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
