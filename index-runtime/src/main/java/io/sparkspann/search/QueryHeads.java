package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ResidentForest;
import io.sparkspann.cluster.ShardTree;
import io.sparkspann.cluster.TreeDescent;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;

/**
 * The heads whose postings a query reads, nearest first: those that {@link HeadChoice} finds for it
 * among others. Reusable state of one thread.
 */
final class QueryHeads {
    /** Heads that are searched for at most where some vectors are not allowed. */
    private static final int MOST_HEADS = 1 << 23;

    private final ResidentForest resident;
    private final long[] firstOrdinals;
    private int maxProbes;
    private TreeDescent descent;
    private NearestLists lists;
    private int[] heads = new int[64];
    private int count;
    private float bound;

    /**
     * @param firstOrdinals of the shards
     */
    QueryHeads(ResidentForest resident, long[] firstOrdinals) {
        this.resident = resident;
        this.firstOrdinals = firstOrdinals;
    }

    /** Finds the heads of the only query of {@code query}, to look for {@code k} neighbours. */
    void find(QueryRows query, Probing probing, int k) {
        if (probing.allowed().isAll()) {
            findNearest(query, probing.policy(), k);
        } else {
            findAllowed(query, probing, k);
        }
    }

    /**
     * Offers the nearest heads that were found, which are vectors of the base: they make the limit
     * tight from the start.
     *
     * @param top its k is that of the heads
     */
    void offer(QueryRows query, AllowList allowed, TopK top) {
        top.bound(0, bound);
        if (!allowed.isAll()) {
            offerAllowed(query, allowed, top);
        } else if (count >= top.k()) {
            offerNearest(query, top);
        }
    }

    int count() {
        return count;
    }

    /** Numbers of the heads over all shards; only the first {@link #count} count. */
    int[] heads() {
        return heads;
    }

    private void findNearest(QueryRows query, ProbePolicy policy, int k) {
        Forest forest = resident.forest();
        int most = policy.maxProbes();
        if (descent == null || most != maxProbes) {
            int[] firstHeads = forest.firstHeads();
            maxProbes = most;
            descent = new TreeDescent(resident, TreeSearch.Beam.of(most));
            int allHeads = firstHeads[firstHeads.length - 1];
            lists = new NearestLists(Math.max(1, Math.min(allHeads, most)));
        }
        descent.search(
                query.embedded(),
                lists,
                (one, nearest) -> policy.mostProbes(query.headDistance(0, nearest)));
        count = policy.probes(lists, 0, query.headDistances(0));
        heads = heads.length < count ? new int[Math.max(count, 2 * heads.length)] : heads;
        for (int r = 0; r < count; r++) {
            heads[r] = lists.number(0, r);
        }
        bound = count < k ? Float.POSITIVE_INFINITY : query.keyBound(0, lists.distance(0, k - 1));
    }

    private void offerNearest(QueryRows query, TopK top) {
        NearHeads near = query.integers() ? null : new NearHeads(query, AllowList.ALL);
        for (int r = 0; r < top.k(); r++) {
            if (near != null) {
                offer(near, heads[r], top);
            } else {
                float key = query.space().keyOfExactScore(lists.distance(0, r), query.term(0));
                top.offer(0, key, ordinal(heads[r]));
            }
        }
    }

    private void findAllowed(QueryRows query, Probing probing, int k) {
        HeadRuns runs =
                new AllowedHeadSearch(resident.forest(), query, probing, k, MOST_HEADS)
                        .search(0, 1, 1, 1);
        heads = runs.heads(0);
        count = heads.length;
        bound = runs.bound(0);
    }

    private void offerAllowed(QueryRows query, AllowList allowed, TopK top) {
        NearHeads near = new NearHeads(query, allowed);
        int offered = 0;
        for (int r = 0; r < count && offered < top.k(); r++) {
            if (allowed.containsHead(heads[r])) {
                offer(near, heads[r], top);
                offered++;
            }
        }
    }

    private void offer(NearHeads near, int head, TopK top) {
        int shard = resident.forest().shardOfHead(head);
        int local = head - resident.forest().firstHeads()[shard];
        near.offer(0, resident.tree(shard), local, firstOrdinals[shard], top);
    }

    private long ordinal(int head) {
        int shard = resident.forest().shardOfHead(head);
        ShardTree tree = resident.tree(shard);
        return firstOrdinals[shard] + tree.headRows()[head - resident.forest().firstHeads()[shard]];
    }
}
