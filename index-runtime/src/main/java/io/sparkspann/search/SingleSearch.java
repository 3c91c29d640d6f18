package io.sparkspann.search;

import io.sparkspann.cluster.ResidentForest;
import io.sparkspann.posting.LoadedPosting;
import java.util.function.Consumer;

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
        visit(
                heads.heads(),
                heads.count(),
                stats,
                posting -> {
                    scorer.score(query, posting, allowed, top);
                    stats.addDistances(posting.size());
                });
        return top;
    }

    /** The heads of queries. */
    QueryHeads heads() {
        return heads;
    }

    /**
     * Brings the postings of the first {@code count} of some heads to memory, in batches, and shows
     * them in their order; afterwards they are not to be used.
     */
    void visit(int[] wanted, int count, ScanStats stats, Consumer<LoadedPosting> visitor) {
        walk.start(wanted, count);
        while (walk.load(scorer, stats)) {
            for (int i = 0; i < walk.loaded(); i++) {
                visitor.accept(walk.posting(i));
            }
        }
        walk.end();
    }
}
