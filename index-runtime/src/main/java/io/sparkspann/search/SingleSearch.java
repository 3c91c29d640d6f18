package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.ResidentForest;
import io.sparkspann.cluster.TreeDescent;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.LoadedPosting;

/**
 * Search for one query at a time: the postings that the batch engine would read for it, nearest
 * first, in batches that are read at once. Reusable state of one thread.
 */
final class SingleSearch {
    private final SpannIndex index;
    private final ResidentForest resident;
    private final PostingStore store;
    private final RowScorer scorer;
    private final PostingsWanted wanted = new PostingsWanted();
    private int maxProbes;
    private TreeDescent descent;
    private NearestLists heads;

    SingleSearch(SpannIndex index, ResidentForest resident, PostingStore store) {
        this.index = index;
        this.resident = resident;
        this.store = store;
        this.scorer = new RowScorer(index.files().space());
    }

    /**
     * Finds the nearest vectors of the only query of {@code query}.
     *
     * @return one list
     */
    TopK search(QueryRows query, ProbePolicy policy, int k, ScanStats stats) {
        int probes = findHeads(query, policy);
        stats.addQueries(1, probes);
        TopK top = new TopK(1, (int) Math.min(k, index.size()), index.ids()::compare);
        offerHeads(query, probes, top);
        int from = 0;
        while (from < probes) {
            int to = load(from, probes, stats);
            for (int r = from; r < to; r++) {
                LoadedPosting posting = wanted.posting(r - from);
                scorer.score(query, posting, top);
                stats.addDistances(posting.size());
            }
            from = to;
        }
        wanted.clear();
        return top;
    }

    /** Finds the nearest heads, and returns how many of their postings are to be read. */
    private int findHeads(QueryRows query, ProbePolicy policy) {
        Forest forest = resident.forest();
        int most = policy.maxProbes();
        if (descent == null || most != maxProbes) {
            int allHeads = forest.firstHeads()[index.files().shards()];
            maxProbes = most;
            descent = new TreeDescent(resident, TreeSearch.Beam.of(most));
            heads = new NearestLists(Math.max(1, Math.min(allHeads, most)));
        }
        descent.search(
                query.embedded(),
                heads,
                (one, nearest) -> policy.mostProbes(query.headDistance(0, nearest)));
        return policy.probes(heads, 0, query.headDistances(0));
    }

    /** Heads are vectors of the base: the nearest ones make the limit tight from the start. */
    private void offerHeads(QueryRows query, int probes, TopK top) {
        if (probes < top.k()) {
            return;
        }
        float farthest = heads.distance(0, top.k() - 1);
        top.bound(0, query.keyBound(0, farthest));
        NearHeads near = query.integers() ? null : new NearHeads(query, AllowList.ALL);
        Forest forest = resident.forest();
        for (int r = 0; r < top.k(); r++) {
            int shard = forest.shardOfHead(heads.number(0, r));
            int local = heads.number(0, r) - forest.firstHeads()[shard];
            long firstOrdinal = index.files().firstOrdinals()[shard];
            if (near != null) {
                near.offer(0, resident.tree(shard), local, firstOrdinal, top);
            } else {
                float key = VectorSpace.keyOfExactScore(heads.distance(0, r), query.term(0));
                top.offer(0, key, firstOrdinal + resident.tree(shard).headRows()[local]);
            }
        }
    }

    /** Brings the next postings to memory, and returns where those after them begin. */
    private int load(int from, int probes, ScanStats stats) {
        wanted.clear();
        long bytes = 0;
        int r = from;
        while (r < probes && r - from < PostingStore.BATCH_POSTINGS) {
            int head = heads.number(0, r);
            LoadedPosting posting = store.find(head);
            if (posting != null) {
                scorer.announce(posting);
            } else {
                bytes += store.bytes(head);
                if (bytes > PostingStore.BATCH_BYTES && r > from) {
                    break;
                }
                wanted.add(head, r - from);
            }
            wanted.put(r - from, posting);
            r++;
        }
        if (wanted.count() > 0) {
            store.read(wanted, stats);
        }
        return r;
    }
}
