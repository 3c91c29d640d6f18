package io.sparkspann.search;

import io.sparkspann.cluster.CachedForest;
import io.sparkspann.cluster.CoveringRadii;
import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ResidentForest;
import io.sparkspann.cluster.RouterFile;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.VectorBlock;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * An index, open for search: heads and ids in memory, postings on disk, and those that single
 * queries have read in a cache of bounded size. It keeps the snapshot that it opened, whatever
 * writers do. Thread-safe; close it when no search is running. A search whose thread is interrupted
 * may throw a {@link java.util.concurrent.CancellationException}; others go on.
 *
 * <pre>{@code
 * try (SpannIndex index = SpannIndex.open(Path.of("index"))) {
 *     Neighbors found = index.search(query, SearchOptions.ofRecall(10, 0.95));
 *     System.out.println(found.idText(0, 0) + " " + found.distance(0, 0));
 * }
 * }</pre>
 */
public final class SpannIndex implements Closeable {
    private static final int MOST_POLICIES = 64;

    private final IndexFiles files;
    private final Forest forest;
    private final ResidentForest resident;
    private final PostingFile[] postings;
    private final AtomicReferenceArray<CoveringRadii> radii;
    private final IndexIds ids;
    private final PostingStore store;
    private final ConcurrentLinkedQueue<SingleSearch> idle = new ConcurrentLinkedQueue<>();
    private final Map<SearchOptions, ProbePolicy> policies = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private SpannIndex(IndexFiles files, OpenOptions options) {
        this.files = files;
        int shards = files.shards();
        this.postings = new PostingFile[shards];
        this.radii = new AtomicReferenceArray<>(shards);
        this.ids = IndexIds.read(files);
        RouterFile.Content router = files.router();
        this.forest = new CachedForest(router, files::tree, Long.MAX_VALUE);
        try {
            for (int s = 0; s < shards; s++) {
                forest.tree(s);
                postings[s] = files.postings(s);
            }
            this.resident = new ResidentForest(forest);
            long heapBytes = Runtime.getRuntime().maxMemory();
            long cacheBytes = options.cacheBytes(heapBytes, residentBytes());
            this.store =
                    new PostingStore(
                            files.space(), forest, postings, cacheBytes, options.readThreads());
        } catch (RuntimeException e) {
            closeFiles();
            throw e;
        }
    }

    /** About how much memory heads and ids take. */
    private long residentBytes() {
        long heads = manifest().shards().stream().mapToLong(ShardEntry::heads).sum();
        return heads * ShardTree.bytesOfHead(files.space()) + IndexIds.bytes(manifest());
    }

    /**
     * Opens the current snapshot of an index directory.
     *
     * @throws InvalidInputException if there is no index
     * @throws io.sparkspann.error.CorruptIndexException if a file is damaged
     */
    public static SpannIndex open(Path directory) {
        return open(directory, OpenOptions.defaults());
    }

    /** As the other one, with limits for memory and threads. */
    public static SpannIndex open(Path directory, OpenOptions options) {
        return open(LocalStorage.of(directory), options);
    }

    /** Opens the current snapshot in a storage. */
    public static SpannIndex open(Storage storage) {
        return open(storage, OpenOptions.defaults());
    }

    /** Opens the current snapshot in a storage, with limits for memory and threads. */
    public static SpannIndex open(Storage storage, OpenOptions options) {
        return new SpannIndex(IndexFiles.openCurrent(storage), options);
    }

    public Manifest manifest() {
        return files.manifest();
    }

    /** Number of vectors. */
    public long size() {
        return manifest().vectors();
    }

    IndexFiles files() {
        return files;
    }

    Forest forest() {
        return forest;
    }

    IndexIds ids() {
        return ids;
    }

    PostingFile postings(int shard) {
        return postings[shard];
    }

    /**
     * Finds the nearest vectors of one query, given as floats.
     *
     * @param query as many components as the index has dimensions
     */
    public Neighbors search(float[] query, SearchOptions options) {
        return search(VectorBlock.ofFloats(query.length, query), options);
    }

    /** Finds the nearest vectors of the only vector of a block. */
    public Neighbors search(VectorBlock query, SearchOptions options) {
        return search(query, options, new ScanStats());
    }

    /**
     * As the other one.
     *
     * @param stats receives what the search cost
     */
    public Neighbors search(VectorBlock query, SearchOptions options, ScanStats stats) {
        return search(query, options, Filter.ALL, stats);
    }

    /**
     * Finds the nearest of the vectors that pass a filter.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    public Neighbors search(float[] query, SearchOptions options, Filter filter) {
        return search(VectorBlock.ofFloats(query.length, query), options, filter);
    }

    /** As the other one, for the only vector of a block. */
    public Neighbors search(VectorBlock query, SearchOptions options, Filter filter) {
        return search(query, options, filter, new ScanStats());
    }

    /**
     * As the other one.
     *
     * @param stats receives what the search cost
     */
    public Neighbors search(
            VectorBlock query, SearchOptions options, Filter filter, ScanStats stats) {
        requireOpen();
        if (query.size() != 1) {
            throw new IllegalArgumentException(query.size() + " queries; use searchBatch");
        }
        QueryRows row = QueryRows.of(files.space(), query);
        SearchPlan plan = SearchPlan.of(this, options, filter);
        SingleSearch search = takeSingle();
        TopK found = search.search(row, plan, stats);
        giveBack(search);
        return resolve(found);
    }

    /**
     * Finds the neighbours of a query one after another, beyond any k.
     *
     * @param options its k nearest come first, as from {@link #search}; those after them are looked
     *     for with the same care
     */
    public NeighborIterator iterate(float[] query, SearchOptions options) {
        return iterate(query, options, Filter.ALL);
    }

    /**
     * As the other one, only what passes a filter.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    public NeighborIterator iterate(float[] query, SearchOptions options, Filter filter) {
        return iterate(VectorBlock.ofFloats(query.length, query), options, filter);
    }

    /** As the other one, for the only vector of a block, which may be changed afterwards. */
    public NeighborIterator iterate(VectorBlock query, SearchOptions options, Filter filter) {
        requireOpen();
        if (query.size() != 1) {
            throw new IllegalArgumentException(query.size() + " queries; iterate for each alone");
        }
        QueryRows row = QueryRows.of(files.space(), query.slice(0, 1));
        SearchPlan plan = SearchPlan.of(this, options, filter);
        return new NeighborIterator(this, row, plan, options.recallTarget());
    }

    /** A search for single queries that no other thread uses. */
    SingleSearch takeSingle() {
        SingleSearch search = idle.poll();
        return search != null ? search : new SingleSearch(this, resident, store);
    }

    /** Keeps a search for later; one that failed is not given back. */
    void giveBack(SingleSearch search) {
        idle.add(search);
    }

    /** Policies of recall targets are looked up in a long table, so the last few are kept. */
    ProbePolicy policy(SearchOptions options) {
        ProbePolicy policy = policies.get(options);
        if (policy == null) {
            policy = options.policy(manifest());
            if (policies.size() >= MOST_POLICIES) {
                policies.clear();
            }
            policies.put(options, policy);
        }
        return policy;
    }

    /** Memory that the postings kept for single queries take now. */
    public long cachedBytes() {
        return store.cachedBytes();
    }

    /** Finds the nearest vectors of many queries, on all cores. */
    public Neighbors searchBatch(VectorBlock queries, SearchOptions options) {
        return searchBatch(queries, options, Filter.ALL);
    }

    /**
     * Finds for many queries the nearest of the vectors that pass a filter, on all cores.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    public Neighbors searchBatch(VectorBlock queries, SearchOptions options, Filter filter) {
        requireOpen();
        return new BatchSearch(this, Runtime.getRuntime().availableProcessors(), new ScanStats())
                .search(QueryRows.of(files.space(), queries), options, filter);
    }

    /**
     * Finds the nearest vectors of many queries, all of them, on all cores: what a comparison with
     * every vector would find. Vectors that the triangle inequality shows to be too far are left
     * out; in many dimensions these are few, and under ip, which has no triangle inequality but
     * that of the space it is embedded in, hardly any.
     *
     * @param k 1 to {@value SearchOptions#MAX_K}
     */
    public Neighbors searchExact(VectorBlock queries, int k) {
        return searchExact(queries, k, Filter.ALL);
    }

    /** As the other one, among the vectors that pass a filter. */
    public Neighbors searchExact(VectorBlock queries, int k, Filter filter) {
        return batch().searchExact(
                        QueryRows.of(files.space(), queries),
                        SearchOptions.ofProbes(k, 1, 0).k(),
                        filter);
    }

    /** The exact neighbours of one query, given as floats. */
    public Neighbors searchExact(float[] query, int k) {
        return searchExact(query, k, Filter.ALL);
    }

    /** The same among the vectors that pass a filter. */
    public Neighbors searchExact(float[] query, int k, Filter filter) {
        return searchExact(VectorBlock.ofFloats(query.length, query), k, filter);
    }

    /**
     * Finds all vectors within a radius of each query, on all cores: every vector whose reported
     * distance is at most the radius, or whose similarity is at least that. Memory: 16 bytes for
     * each vector found.
     */
    public RangeResult searchRange(VectorBlock queries, RangeOptions options) {
        return searchRange(queries, options, Filter.ALL);
    }

    /** As the other one, among the vectors that pass a filter. */
    public RangeResult searchRange(VectorBlock queries, RangeOptions options, Filter filter) {
        return batch().searchRange(QueryRows.of(files.space(), queries), options, filter);
    }

    /** All vectors within a radius of each query. */
    public RangeResult searchRange(VectorBlock queries, double radius) {
        return searchRange(queries, RangeOptions.of(radius));
    }

    /** All vectors within a radius of one query, given as floats, nearest first. */
    public Neighbors searchRange(float[] query, double radius) {
        return searchRange(query, radius, Filter.ALL);
    }

    /** The same among the vectors that pass a filter. */
    public Neighbors searchRange(float[] query, double radius, Filter filter) {
        VectorBlock block = VectorBlock.ofFloats(query.length, query);
        return searchRange(block, RangeOptions.of(radius), filter).neighbors();
    }

    /**
     * Finds the same vectors as {@link #searchRange} without a most, but hands them on as they are
     * found, some thousands at a time: memory does not grow with the result.
     *
     * @param radius in the numbers that the metric reports
     * @param target is called by one thread at a time, in no order of queries or distances; what it
     *     throws ends the search
     */
    public void streamRange(
            VectorBlock queries, double radius, Filter filter, Consumer<FoundVectors> target) {
        batch().streamRange(QueryRows.of(files.space(), queries), radius, filter, target);
    }

    /** The same among all vectors. */
    public void streamRange(VectorBlock queries, double radius, Consumer<FoundVectors> target) {
        streamRange(queries, radius, Filter.ALL, target);
    }

    private BatchSearch batch() {
        requireOpen();
        return new BatchSearch(this, Runtime.getRuntime().availableProcessors(), new ScanStats());
    }

    /** The covering radii of a shard, computed when they are first asked for. */
    CoveringRadii radii(int shard) {
        CoveringRadii found = radii.get(shard);
        if (found == null) {
            // Computed twice by two threads they are the same.
            found = ExactSearch.radii(forest, shard, postings[shard]);
            radii.set(shard, found);
        }
        return found;
    }

    /** Makes filters for searches of this index. */
    public Filters filters() {
        return Filters.of(this);
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The index is closed; open it again to search it");
        }
    }

    /** Turns lists of ordinals into neighbours. */
    Neighbors resolve(RankedLists lists) {
        return Resolver.resolve(
                lists, files.space(), files.manifest().schema().idType(), ids::append);
    }

    @Override
    public void close() {
        closed = true;
        store.close();
    }

    private void closeFiles() {
        for (PostingFile file : postings) {
            if (file != null) {
                file.close();
            }
        }
    }
}
