package io.sparkspann.spark.join;

import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.IndexIds;
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

    /** Queries of a part whose postings are read for hundreds of them each, about. */
    private static final long MANY_QUERIES = 1 << 16;

    /** Beside vectors and lists: key, bound, order, norm and term of a query, and its id. */
    private static final long EACH_QUERY = 64;

    /** Of a posting that a query wants: found, kept, paired and turned around. */
    private static final long EACH_PROBE = 36;

    /** What is to be known of an index. */
    public record Indexed(int shards, long heads, long idBytes, VectorSpace space) {
        static Indexed of(Manifest manifest) {
            long heads = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
            return new Indexed(
                    manifest.shards().size(),
                    heads,
                    IndexIds.bytes(manifest),
                    manifest.schema().space());
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
        boolean direct = fitsMemory();
        int chunk = (int) Math.max(64, Math.min(1 << 18, memory.taskBytes() / queryBytes()));
        // A query goes to a few shards, and queries may crowd in one: then its parts take turns.
        int fan = direct ? 1 : FAN;
        long perShard = Math.max(1, fan * queryCount / Math.max(1, shards));
        int salt = (int) Math.max(1, Math.min(1024, (perShard + chunk - 1) / chunk));
        int wished = (parallelism + shards - 1) / shards;
        int salts = Math.max(salt, (int) Math.min(wished, Math.max(1, perShard / 4096)));
        // So many queries that a posting serves enough of them even in a part of its shard's: all
        // cores are busy then, should they crowd in one shard.
        salts = Math.max(salts, (int) Math.min(parallelism, perShard / MANY_QUERIES));
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
                direct);
    }

    /** Memory of a query: as it came, as floats and in order; lists, also as they are sent. */
    private long queryBytes() {
        VectorSpace space = index.space();
        long stored = (long) space.type().bytes() * space.dimensions();
        long floats = 2L * Float.BYTES * space.dimensions();
        long embedded =
                space.metric() == Metric.L2 ? 0 : 2L * Float.BYTES * space.embeddedDimensions();
        return 2 * stored
                + floats
                + embedded
                + 40L * k
                + EACH_PROBE * policy.maxProbes()
                + EACH_QUERY;
    }

    /** Memory of an executor for trees: what ids leave, where it holds those of all shards. */
    long treeBytes() {
        return fitsMemory() ? memory.treeBytes() - index.idBytes() : memory.treeBytes();
    }

    /** Whether an executor can hold heads and ids of all shards. */
    private boolean fitsMemory() {
        long heads = index.heads() * ShardTree.bytesOfHead(index.space());
        return heads + index.idBytes() <= memory.treeBytes();
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
