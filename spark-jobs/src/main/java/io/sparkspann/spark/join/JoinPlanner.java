package io.sparkspann.spark.join;

import io.sparkspann.cluster.ShardTree;
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
 * @param selection which neighbours become rows
 * @param memory that the join may take
 * @param widening postings that a query reads for each that counts, about: 1 unless only some
 *     vectors may be found
 */
public record JoinPlanner(
        Indexed index,
        ProbePolicy policy,
        Selection selection,
        JoinMemory memory,
        double widening) {
    /** Shards that a query's lists come from, about. */
    public static final int FAN = 3;

    /** Queries, neighbours and bytes of query ids of a merge task, about. */
    private static final long MERGE_QUERIES = 1 << 16;

    private static final long MERGE_NEIGHBORS = 1 << 22;
    private static final long MERGE_ID_BYTES = 1 << 24;

    /**
     * Postings that may be read more for each query where one task searches all shards: reading one
     * takes about 4.5 µs, keeping lists for shards and merging them 10.
     */
    private static final int READS_OF_QUERY = 2;

    /** Postings that take as long to read as the stages that are saved. */
    private static final long READS_OF_STAGES = 50_000;

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
            Manifest manifest, SearchOptions options, Selection selection, JoinMemory memory) {
        return new JoinPlanner(
                Indexed.of(manifest), options.policy(manifest), selection, memory, 1);
    }

    JoinPlanner withWidening(double factor) {
        return new JoinPlanner(index, policy, selection, memory, factor);
    }

    /** Most postings that a query reads, about. */
    private double probes() {
        return Math.min(index.heads(), policy.maxProbes() * widening);
    }

    /**
     * @param queryIdBytes bytes of the id of a query, about; of all that it carries along
     * @param parallelism tasks at a time, about
     */
    public JoinPlan plan(long queryCount, long queryIdBytes, int parallelism) {
        int shards = index.shards();
        long queryBytes = queryBytes() + 2 * queryIdBytes;
        int chunk = (int) Math.max(64, Math.min(1 << 18, memory.taskBytes() / queryBytes));
        int k = selection.k();
        int saltsOfOne = salts(queryCount / Math.max(1, shards), parallelism, chunk);
        // An exact join may find something in every shard.
        long fan = selection.exact() ? Math.max(FAN, shards) : FAN;
        int saltsApart = salts(fan * queryCount / Math.max(1, shards), parallelism, chunk);
        long readsOfOne = postings(queryCount, shards * saltsOfOne, index.heads());
        long readsApart =
                postings(queryCount, shards * saltsApart, index.heads() / Math.max(1, shards));
        boolean direct =
                fitsMemory()
                        && (selection.exact()
                                || readsOfOne - readsApart
                                        <= READS_OF_QUERY * queryCount + READS_OF_STAGES);
        int salts = direct ? saltsOfOne : saltsApart;
        long merges =
                Math.max(
                        ceilDiv(queryCount * queryIdBytes, MERGE_ID_BYTES),
                        Math.max(
                                ceilDiv(queryCount * fan, FAN * MERGE_QUERIES),
                                ceilDiv(queryCount * fan * k, MERGE_NEIGHBORS)));
        return new JoinPlan(
                selection,
                new ArrayList<>(policy.fromDistances()),
                new ArrayList<>(policy.probes()),
                policy.epsilon(),
                chunk,
                Math.max(1 << 20, memory.taskBytes() / 4),
                shards,
                salts,
                (int) Math.max(1, Math.min(100_000, Math.max(parallelism, merges))),
                direct);
    }

    /**
     * Into how many parts the queries of a shard are divided.
     *
     * @param perShard queries of a shard, about
     */
    private int salts(long perShard, int parallelism, int chunk) {
        // Queries may crowd in one shard: then its parts take turns.
        int salt = (int) Math.max(1, Math.min(1024, ceilDiv(perShard, chunk)));
        int wished = (parallelism + index.shards() - 1) / Math.max(1, index.shards());
        int salts = Math.max(salt, (int) Math.min(wished, Math.max(1, perShard / 4096)));
        // So many queries that a posting serves enough of them even in a part of its shard's: all
        // cores are busy then, should they crowd in one shard.
        return Math.max(salts, (int) Math.min(parallelism, perShard / MANY_QUERIES));
    }

    /** Postings that all parts read, if each of them may want any of so many. */
    private long postings(long queryCount, int parts, long heads) {
        double wanted = queryCount * probes() / parts;
        return (long) (parts * heads * -Math.expm1(-wanted / Math.max(1, heads)));
    }

    /** Memory of a query: as it came, as floats and in order; lists, also as they are sent. */
    private long queryBytes() {
        VectorSpace space = index.space();
        long stored = (long) space.type().bytes() * space.dimensions();
        long floats = 2L * Float.BYTES * space.dimensions();
        long embedded = space.embedsAsStored() ? 0 : 2L * Float.BYTES * space.embeddedDimensions();
        return 2 * stored
                + floats
                + embedded
                + 40L * selection.k()
                + (long) (EACH_PROBE * probes())
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
