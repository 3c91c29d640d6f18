package io.sparkspann.search;

import io.sparkspann.error.InvalidInputException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The batch engine on an open index: queries are taken in chunks, a chunk finds its heads together,
 * and each posting that any of its queries wants is read once and scored against all of them. So
 * few queries that they would hardly share postings are searched one by one. The results are the
 * same, but that a chunk may find a vector more, and never a farther one: it looks at the nearest
 * heads of each shard, a single query at those of all, and the home of a head among many equal ones
 * need not be a posting that is read.
 */
public final class BatchSearch {
    /**
     * Queries of a chunk, at most: enough that a posting serves many, few enough to fit the memory.
     */
    private static final int CHUNK = 1 << 16;

    /** Neighbours in the lists of a chunk, at most. */
    private static final int CHUNK_LISTS = 1 << 23;

    /** Fewest queries of a chunk whose postings serve many, and of one whose queries go alone. */
    private static final int LEAST_TOGETHER = 64;

    private static final int LEAST_ALONE = 4;

    /** Chunks of queries that go alone, for each thread: the slowest thread is then done soon. */
    private static final int ALONE_CHUNKS = 8;

    /**
     * Queries that a posting must serve on average for the batch engine to be faster than single
     * searches, which keep postings in memory.
     */
    private static final int QUERIES_OF_POSTING = 2;

    /**
     * Queries of an exact search that go through the postings together: enough that what it takes
     * to read a posting does not matter, few enough that their bounds stay near.
     */
    private static final int EXACT_CHUNK = 1 << 12;

    private final SpannIndex index;
    private final int threads;
    private final ScanStats stats;

    /**
     * @param threads chunks at a time
     * @param stats receives what the searches cost
     */
    public BatchSearch(SpannIndex index, int threads, ScanStats stats) {
        this.index = index;
        this.threads = threads;
        this.stats = stats;
    }

    /** Finds the nearest vectors of all queries. */
    public Neighbors search(QueryRows queries, SearchOptions options) {
        return search(queries, options, Filter.ALL);
    }

    /**
     * Finds for all queries the nearest of the vectors that pass a filter.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    public Neighbors search(QueryRows queries, SearchOptions options, Filter filter) {
        SearchPlan plan = SearchPlan.of(index, options, filter);
        TopK top = lists(queries, plan.k());
        if (plan.gathered() != null) {
            scanAll(plan.gathered(), queries, top);
            return index.resolve(top);
        }
        Probing probing = plan.probing();
        if (areFew(queries.size(), probing, plan.k())) {
            inChunks(
                    queries.size(),
                    CHUNK,
                    LEAST_ALONE,
                    ALONE_CHUNKS * threads,
                    (from, to, cost) -> searchAlone(queries, from, to, plan, top, cost));
            return index.resolve(top);
        }
        int most =
                Math.min(
                        HeadChoice.mostQueries(probing.policy()),
                        Math.max(1, CHUNK_LISTS / top.k()));
        inChunks(
                queries.size(),
                most,
                LEAST_TOGETHER,
                threads,
                (from, to, cost) -> chunkSearch(cost).search(queries, from, to, probing, top));
        return index.resolve(top);
    }

    /**
     * Compares all queries with every vector that may be among their nearest: those of an
     * approximate search bound how far that is.
     */
    public Neighbors searchExact(QueryRows queries, int k) {
        return searchExact(queries, k, Filter.ALL);
    }

    /**
     * The same among the vectors that pass a filter.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    public Neighbors searchExact(QueryRows queries, int k, Filter filter) {
        SearchPlan plan = SearchPlan.of(index, SearchOptions.bounding(k, index.manifest()), filter);
        TopK top = lists(queries, plan.k());
        if (plan.gathered() != null) {
            scanAll(plan.gathered(), queries, top);
            return index.resolve(top);
        }
        Probing probing = plan.probing();
        int bounded = Math.min(EXACT_CHUNK, Math.max(1, CHUNK_LISTS / top.k()));
        int most = Math.min(HeadChoice.mostQueries(probing.policy()), bounded);
        inChunks(
                queries.size(),
                most,
                LEAST_ALONE,
                threads,
                (from, to, cost) -> {
                    int[] numbers = numbers(from, to);
                    QueryRows part = queries.gather(numbers);
                    TopK lists = new TopK(part.size(), top.k(), index.ids()::compare);
                    chunkSearch(cost).search(part, 0, part.size(), probing, lists);
                    searchExact(part, probing.allowed(), lists, cost);
                    top.take(lists, numbers);
                });
        return index.resolve(top);
    }

    /** Finds all vectors within a radius of each query. */
    public RangeResult searchRange(QueryRows queries, RangeOptions options) {
        return searchRange(queries, options, Filter.ALL);
    }

    /**
     * The same among the vectors that pass a filter.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    public RangeResult searchRange(QueryRows queries, RangeOptions options, Filter filter) {
        AllowList allowed = filter.allowed(index);
        float limit = options.keyLimit(queries.space());
        SortedMap<Integer, RangeHits> parts = new ConcurrentSkipListMap<>();
        inChunks(
                queries.size(),
                EXACT_CHUNK,
                1,
                threads,
                (from, to, cost) -> {
                    QueryRows part = queries.gather(numbers(from, to));
                    int cap = options.maxResults();
                    RangeHits hits = new RangeHits(part.size(), limit, cap, index.ids()::compare);
                    searchExact(part, allowed, hits, cost);
                    hits.finish();
                    parts.put(from, hits);
                });
        return result(parts);
    }

    /**
     * The same, but hands vectors on as they are found, and keeps none: for results that are larger
     * than the memory.
     *
     * @param radius in the numbers that the metric reports
     * @param target is called by one thread at a time, in no order of queries or distances; what it
     *     throws ends the search
     * @throws InvalidInputException if the radius makes no sense, or the filter is for another
     *     index
     */
    public void streamRange(
            QueryRows queries, double radius, Filter filter, Consumer<FoundVectors> target) {
        AllowList allowed = filter.allowed(index);
        float limit = RangeOptions.of(radius).keyLimit(queries.space());
        InTurn inTurn = new InTurn(target);
        inChunks(
                queries.size(),
                EXACT_CHUNK,
                1,
                threads,
                (from, to, cost) -> {
                    RangeStream stream = new RangeStream(index, limit, from, inTurn);
                    searchExact(queries.gather(numbers(from, to)), allowed, stream, cost);
                    stream.flush();
                });
    }

    private RangeResult result(SortedMap<Integer, RangeHits> parts) {
        BitSet capped = new BitSet();
        long total = 0;
        for (var part : parts.entrySet()) {
            part.getValue().capped().stream().forEach(q -> capped.set(part.getKey() + q));
            total += part.getValue().total();
        }
        if (total > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException(
                    total
                            + " vectors are within the radius, more than one result holds; use a"
                            + " smaller radius or fewer queries at a time");
        }
        RankedLists lists = RangeHits.join(parts.values().toArray(RangeHits[]::new));
        return new RangeResult(index.resolve(lists), capped);
    }

    private void searchExact(
            QueryRows part, AllowList allowed, Collector collector, ScanStats cost) {
        cost.addExactQueries(part.size());
        ExactSearch search = new ExactSearch(index.forest(), part, allowed, cost);
        for (int s = 0; s < index.files().shards(); s++) {
            search.search(s, index.radii(s), index.postings(s), collector);
        }
    }

    private static int[] numbers(int from, int to) {
        int[] numbers = new int[to - from];
        Arrays.setAll(numbers, i -> from + i);
        return numbers;
    }

    private ChunkSearch chunkSearch(ScanStats cost) {
        return new ChunkSearch(
                index.files(), index.forest(), index::postings, index.ids()::compare, cost);
    }

    private TopK lists(QueryRows queries, int k) {
        int length = (int) Math.min(k, index.size());
        if ((long) queries.size() * length > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException(
                    queries.size()
                            + " queries with "
                            + length
                            + " neighbours each are more than one result holds; search in several"
                            + " parts");
        }
        return new TopK(queries.size(), length, index.ids()::compare);
    }

    private boolean areFew(int queries, Probing probing, int k) {
        int[] firstHeads = index.forest().firstHeads();
        int heads = firstHeads[firstHeads.length - 1];
        return queries * probing.postings(k, heads) < QUERIES_OF_POSTING * (double) heads;
    }

    private void scanAll(GatheredVectors gathered, QueryRows queries, TopK top) {
        inChunks(
                queries.size(),
                CHUNK,
                LEAST_ALONE,
                threads,
                (from, to, cost) -> scan(gathered, queries, from, to, top, cost));
    }

    private void scan(
            GatheredVectors gathered,
            QueryRows queries,
            int from,
            int to,
            TopK top,
            ScanStats cost) {
        gathered.scan(new TileScorer(queries.space()), queries, from, to, top);
        cost.addQueries(to - from, 0);
        cost.addDistances((long) (to - from) * gathered.size());
    }

    private void searchAlone(
            QueryRows queries, int from, int to, SearchPlan plan, TopK top, ScanStats cost) {
        SingleSearch search = index.takeSingle();
        for (int q = from; q < to; q++) {
            int[] number = {q};
            top.take(search.search(queries.gather(number), plan, cost), number);
        }
        index.giveBack(search);
    }

    /** Works on queries {@code [from, to)}. */
    private interface ChunkWork {
        void run(int from, int to, ScanStats cost);
    }

    /**
     * Chunks write to lists of different queries, so they share nothing.
     *
     * @param most queries of a chunk, at most
     * @param fewest queries of a chunk, at least, unless there are fewer
     * @param wished chunks, if they are neither too large nor too small
     */
    private void inChunks(int size, int most, int fewest, int wished, ChunkWork work) {
        int least = (size - 1) / Math.min(CHUNK, most) + 1;
        int chunks = Math.max(1, Math.max(Math.min(wished, size / fewest), least));
        ScanStats[] costs = new ScanStats[chunks];
        Thread caller = Thread.currentThread();
        try (Helpers helpers = new Helpers(threads - 1)) {
            helpers.run(
                    chunks,
                    c -> {
                        if (caller.isInterrupted()) {
                            throw new CancellationException("A batch search was interrupted");
                        }
                        costs[c] = new ScanStats();
                        int from = (int) ((long) size * c / chunks);
                        int to = (int) ((long) size * (c + 1) / chunks);
                        work.run(from, to, costs[c]);
                    });
        }
        for (ScanStats cost : costs) {
            stats.add(cost);
        }
    }
}
