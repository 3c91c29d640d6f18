package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * The postings that some queries read, shard by shard. Queries are put in the order of their
 * nearest heads and numbered anew: those that share postings are then neighbours in memory.
 */
public final class HeadChoice {
    /** Queries for which heads are searched at once, at most. */
    private static final int HEAD_CHUNK = 4096;

    /** Heads in the lists of these queries, at most: many probes, few queries at once. */
    private static final int HEAD_LISTS = 1 << 23;

    /** Postings of the queries of a choice, at most, each query counting its own. */
    private static final int PAIRS = 1 << 25;

    private final int[] order;
    private final float[] bounds;
    private final int[][] pairQueries;
    private final int[][] pairPostings;
    private final int[] sizes;
    private final int[] firstHeads;

    private HeadChoice(int[] firstHeads, int[] order, float[] bounds) {
        this.firstHeads = firstHeads;
        this.order = order;
        this.bounds = bounds;
        int shards = firstHeads.length - 1;
        this.pairQueries = new int[shards][];
        this.pairPostings = new int[shards][];
        this.sizes = new int[shards];
        Arrays.fill(pairQueries, new int[0]);
        Arrays.fill(pairPostings, new int[0]);
    }

    /** How many queries are chosen for together at most, for the memory that it takes. */
    public static int mostQueries(ProbePolicy policy) {
        return Math.max(1, PAIRS / policy.maxProbes());
    }

    /**
     * Finds the heads of queries {@code [from, to)} and applies a policy. Where only some vectors
     * may be found, a query may want so many postings that the choice is for the first of these
     * queries only, at least for one: see {@link #order}.
     *
     * @param to at most {@link #mostQueries} after {@code from}
     * @param k neighbours that are asked for
     */
    public static HeadChoice of(
            Forest forest, QueryRows queries, int from, int to, Probing probing, int k) {
        HeadRuns found =
                probing.allowed().isAll()
                        ? search(forest, queries, from, to, probing.policy(), k)
                        : new AllowedHeadSearch(forest, queries, probing, k, HEAD_LISTS)
                                .search(from, to, HEAD_CHUNK, PAIRS);
        int[] firstHeads = forest.firstHeads();
        int[] order = found.byFirst();
        float[] bounds = new float[order.length];
        HeadChoice choice = new HeadChoice(firstHeads, order, bounds);
        for (int i = 0; i < order.length; i++) {
            int query = order[i];
            for (int at = found.start(query); at < found.start(query + 1); at++) {
                int head = found.head(at);
                int shard = forest.shardOfHead(head);
                choice.add(shard, i, head - firstHeads[shard]);
            }
            bounds[i] = found.bound(query);
            order[i] = from + query;
        }
        return choice;
    }

    private static HeadRuns search(
            Forest forest, QueryRows queries, int from, int to, ProbePolicy policy, int k) {
        int[] firstHeads = forest.firstHeads();
        int listLength = Math.min(firstHeads[firstHeads.length - 1], policy.maxProbes());
        NearestLists heads = new NearestLists(listLength);
        int chunk = Math.max(1, Math.min(HEAD_CHUNK, HEAD_LISTS / Math.max(1, listLength)));
        TreeSearch search = new TreeSearch(forest, TreeSearch.Beam.of(policy.maxProbes()));
        int d = forest.router().dimensions();
        HeadRuns found = new HeadRuns(to - from);
        for (int start = from; start < to; start += chunk) {
            int first = start;
            int count = Math.min(chunk, to - start);
            float[] rows = Arrays.copyOfRange(queries.embedded(), start * d, (start + count) * d);
            search.search(
                    rows,
                    count,
                    heads,
                    (i, nearest) -> policy.mostProbes(queries.headDistance(first + i, nearest)));
            for (int i = 0; i < count; i++) {
                int number = start + i;
                int probes = policy.probes(heads, i, queries.headDistances(number));
                float bound =
                        probes < k
                                ? Float.POSITIVE_INFINITY
                                : queries.keyBound(number, heads.distance(i, k - 1));
                found.add(heads, i, probes, bound);
            }
        }
        return found;
    }

    private void add(int shard, int query, int posting) {
        int size = sizes[shard]++;
        if (pairQueries[shard].length == size) {
            int length = Math.max(1024, 2 * size);
            pairQueries[shard] = Arrays.copyOf(pairQueries[shard], length);
            pairPostings[shard] = Arrays.copyOf(pairPostings[shard], length);
        }
        pairQueries[shard][size] = query;
        pairPostings[shard][size] = posting;
    }

    /** For each new number of a query its old one; as many as the choice is for. */
    public int[] order() {
        return order;
    }

    /**
     * A rank key, for the new number of a query, that no neighbour exceeds: the query's k nearest
     * heads do not. Only for searches to which {@link NearHeads} offers them.
     */
    public float bound(int query) {
        return bounds[query];
    }

    /** Offers the heads of a shard's pairs to the lists of their queries. */
    void offerHeads(int shard, NearHeads near, ShardTree tree, long firstOrdinal, TopK top) {
        near.offer(tree, firstOrdinal, pairQueries[shard], pairPostings[shard], sizes[shard], top);
    }

    /** Number of postings, each query counting its own. */
    public long pairs() {
        return Arrays.stream(sizes).asLongStream().sum();
    }

    /** Number of postings of a shard, each query counting its own. */
    public int pairs(int shard) {
        return sizes[shard];
    }

    /** New number of the query of a pair of a shard; ascending. */
    public int query(int shard, int pair) {
        return pairQueries[shard][pair];
    }

    /** Posting of a pair of a shard. */
    public int posting(int shard, int pair) {
        return pairPostings[shard][pair];
    }

    /** Which queries want which postings of a shard; null if none does. */
    public PostingQueries wanted(int shard) {
        return sizes[shard] == 0
                ? null
                : PostingQueries.of(
                        pairQueries[shard],
                        pairPostings[shard],
                        sizes[shard],
                        firstHeads[shard + 1] - firstHeads[shard]);
    }
}
