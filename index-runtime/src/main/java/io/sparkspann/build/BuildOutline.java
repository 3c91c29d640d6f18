package io.sparkspann.build;

import io.sparkspann.cluster.ShardTreeBuilder;
import io.sparkspann.cluster.TreeSearch;

/**
 * What a build of a table comes to, by its own rules, before any row is read: the numbers that
 * plans are made of. Expected numbers: no leaf is larger than another one. Immutable.
 *
 * @param table the table, of {@code rows} usable rows
 * @param options what the index is built with
 */
public record BuildOutline(TableShape table, BuildOptions options) {
    /** Most rows of a table. */
    public static final long MAX_ROWS = 0xFFFF_FFFFL;

    private static final long OVERHEAD_BYTES = 64L << 20;

    /** What a replica takes while the postings of a shard are assigned. */
    private static final int REPLICA_BYTES = 45;

    private ShardSizes sizes() {
        return ShardSizes.of(options, table, table.rows());
    }

    /** Number of shards. */
    public int shards() {
        return Math.min(sizes().shards(), sizes().leaves());
    }

    /** Number of the router's leaves. */
    public int leaves() {
        return sizes().leaves();
    }

    /** Groups of the router's first level; 1 if it has only one level. */
    public int groups() {
        boolean flat = RouterStage.isFlat(table, leaves());
        return flat ? 1 : (int) Math.ceil(Math.sqrt(leaves()));
    }

    /** Vectors that a leaf, and so a shard, has at most if no more is divided. */
    public long mostShardVectors() {
        return sizes().most();
    }

    /** Rows of the router's sample. */
    public long sampleRows() {
        return Math.min(table.rows(), (long) leaves() * RouterStage.SAMPLES_PER_LEAF);
    }

    /** Heads of a leaf. */
    public long headsOfLeaf() {
        return Math.max(1, Math.round((double) table.rows() / leaves() * options.headRatio()));
    }

    /** Nodes of a leaf. */
    public long nodesOfLeaf() {
        return ShardTreeBuilder.nodes(headsOfLeaf());
    }

    /** Vectors that are searched together in the closure, and near to each other. */
    public int closureChunk() {
        return ClosureStage.CHUNK;
    }

    /** Router leaves that the closure looks into for a vector. */
    public int closureLeaves() {
        return TreeSearch.Beam.of(ClosureStage.CANDIDATES).leaves();
    }

    /** Held-out queries. */
    public long calibrationQueries() {
        return Math.min(options.calibrationQueries(), table.rows() / 10);
    }

    /** Tasks that measure the calibration table. */
    public int calibrationTasks() {
        return CalibrationStage.TABLE_TASKS;
    }

    /** Searches of all calibration queries, one for each number of probes. */
    public int calibrationSearches() {
        return CalibrationTable.settings();
    }

    /** Tasks of the check for duplicate ids, 0 if there is none. */
    public int duplicateTasks() {
        return table.rowNumberIds() ? 0 : DuplicateStage.buckets(table.rows());
    }

    /** Bytes of rows that become one routed file. */
    public long routedFileBytes() {
        return RouteStage.PART_BYTES;
    }

    /** Bytes of the directory of a routed file. */
    public long routedDirectoryBytes() {
        return (long) SegmentFile.ENTRY_BYTES * leaves();
    }

    /** Bytes of it that the task of a shard reads. */
    public double routedDirectoryBytesOfShard() {
        return SegmentFile.ENTRY_BYTES * (1 + (double) leaves() / shards());
    }

    /** Bytes of a record on its way to a posting, beside its vector. */
    public int recordBytes() {
        return AssignmentWriter.RECORD_BYTES;
    }

    /**
     * Memory of a task for trees of other shards.
     *
     * @param heapBytes heap that a task may count on
     */
    public static long treeBytes(long heapBytes) {
        return MemoryBudget.ofHeap(heapBytes).treeBytes();
    }

    /** Memory that a task of a shard needs at most, by the rule of {@link MemoryBudget}. */
    public long shardTaskBytes() {
        long rowBytes = (long) table.dimensions() * table.elementType().bytes() + Long.BYTES;
        long vectors = Math.min(mostShardVectors(), table.rows());
        return 2 * vectors * (rowBytes + (long) REPLICA_BYTES * options.replicas())
                + MemoryBudget.DEFAULT.treeBytes()
                + MemoryBudget.DEFAULT.passBytes()
                + OVERHEAD_BYTES;
    }

    /** Memory of a task of the router's sample. */
    public long sampleTaskBytes() {
        return 2 * RouterStage.SAMPLE_BYTES;
    }
}
