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
        heads.find(query, plan.probing(), top);
        stats.addQueries(1, heads.count());
        AllowList allowed = plan.probing().allowed();
        walk.start(heads.heads(), heads.count());
        while (walk.load(scorer, stats)) {
            for (int i = 0; i < walk.loaded(); i++) {
                LoadedPosting posting = walk.posting(i);
                scorer.score(query, posting, allowed, top);
                stats.addDistances(posting.size());
            }
        }
        walk.end();
        return top;
    }
}
