package io.sparkspann.search;

import io.sparkspann.cluster.ResidentForest;
import io.sparkspann.posting.LoadedPosting;

/**
 * Search for one query at a time: the postings that the batch engine would read for it, nearest
 * first, in batches that are read at once. Reusable state of one thread.
 */
final class SingleSearch {
    private final SpannIndex index;
    private final QueryHeads heads;
    private final PostingWalk walk;
    private final RowScorer scorer;
    private final TileScorer tiles;

    SingleSearch(SpannIndex index, ResidentForest resident, PostingStore store) {
        this.index = index;
        this.heads = new QueryHeads(resident, index.files().firstOrdinals());
        this.walk = new PostingWalk(store);
        this.scorer = new RowScorer(index.files().space());
        this.tiles = new TileScorer(index.files().space());
    }

    /**
     * Finds the nearest vectors of the only query of {@code query}.
     *
     * @return one list
     */
    TopK search(QueryRows query, SearchPlan plan, ScanStats stats) {
        TopK top = new TopK(1, plan.k(), index.ids()::compare);
        if (plan.gathered() != null) {
            plan.gathered().scan(tiles, query, 0, 1, top);
            stats.addQueries(1, 0);
            stats.addDistances(plan.gathered().size());
            return top;
        }
        AllowList allowed = plan.probing().allowed();
        heads.find(query, plan.probing(), plan.k());
        heads.offer(query, allowed, top);
        stats.addQueries(1, heads.count());
        score(query, heads.heads(), heads.count(), allowed, new Scored(top, stats));
        return top;
    }

    /** The heads that the last search has read, if it has read any. */
    QueryHeads heads() {
        return heads;
    }

    /**
     * Where scored vectors go.
     *
     * @param stats receives what the search cost
     */
    record Scored(Collector sink, ScanStats stats) {}

    /** Scores the postings of the first {@code count} of some heads, in their order. */
    void score(QueryRows query, int[] wanted, int count, AllowList allowed, Scored to) {
        walk.start(wanted, count);
        while (walk.load(scorer, to.stats())) {
            for (int i = 0; i < walk.loaded(); i++) {
                LoadedPosting posting = walk.posting(i);
                scorer.score(query, posting, allowed, to.sink());
                to.stats().addDistances(posting.size());
            }
        }
        walk.end();
    }
}
