package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/** The postings that some queries read, shard by shard. */
public final class HeadChoice {
    /** Queries for which heads are searched at once, at most. */
    private static final int HEAD_CHUNK = 4096;

    /** Heads in the lists of these queries, at most: many probes, few queries at once. */
    private static final int HEAD_LISTS = 1 << 23;

    private final int[][] pairQueries;
    private final int[][] pairPostings;
    private final int[] sizes;
    private final int[] firstHeads;

    private HeadChoice(int[] firstHeads) {
        this.firstHeads = firstHeads;
        int shards = firstHeads.length - 1;
        this.pairQueries = new int[shards][];
        this.pairPostings = new int[shards][];
        this.sizes = new int[shards];
        Arrays.fill(pairQueries, new int[0]);
        Arrays.fill(pairPostings, new int[0]);
    }

    /** Finds the heads of queries {@code [from, to)} and applies a policy. */
    public static HeadChoice of(
            Forest forest, QueryRows queries, int from, int to, ProbePolicy policy) {
        HeadChoice choice = new HeadChoice(forest.firstHeads());
        int allHeads = choice.firstHeads[choice.firstHeads.length - 1];
        int listLength = Math.min(allHeads, policy.maxProbes());
        NearestLists heads = new NearestLists(listLength);
        int chunk = Math.max(1, Math.min(HEAD_CHUNK, HEAD_LISTS / Math.max(1, listLength)));
        TreeSearch search = new TreeSearch(forest, Beams.of(policy.maxProbes()));
        int d = forest.router().dimensions();
        for (int start = from; start < to; start += chunk) {
            int count = Math.min(chunk, to - start);
            float[] rows = Arrays.copyOfRange(queries.embedded(), start * d, (start + count) * d);
            search.search(rows, count, heads);
            for (int i = 0; i < count; i++) {
                int probes = policy.probes(heads, i, queries.squaredNorm(start + i));
                for (int r = 0; r < probes; r++) {
                    int head = heads.number(i, r);
                    int shard = forest.shardOfHead(head);
                    choice.add(shard, start + i, head - choice.firstHeads[shard]);
                }
            }
        }
        return choice;
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

    /** Number of postings, each query counting its own. */
    public long pairs() {
        return Arrays.stream(sizes).asLongStream().sum();
    }

    /** Number of postings of a shard, each query counting its own. */
    public int pairs(int shard) {
        return sizes[shard];
    }

    /** Query of a pair of a shard; ascending. */
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
