package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.TopK;
import java.util.Iterator;

/**
 * The second and last step of a join where all that is searched fits the memory: searches for the
 * queries of a part, as many at once as the memory of a chunk allows, and makes rows. Lazy: holds
 * the lists of one chunk.
 */
final class SearchPart extends ResultRows {
    private final Searched searched;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final JoinCost cost;
    private final Iterator<QueryBlock> blocks;
    private final Searched.Taker taker = this::offer;
    private QueryBlock block;
    private int done;
    private TopK top;
    private int query;

    SearchPart(Searched searched, VectorSpace space, JoinSteps steps, Iterator<QueryBlock> blocks) {
        super(steps.plan().selection(), space, steps.columns(), steps.cost());
        this.searched = searched;
        this.space = space;
        this.plan = steps.plan();
        this.cost = steps.cost();
        this.blocks = blocks;
    }

    @Override
    protected boolean advance() {
        if (block == null || query == done) {
            top = null;
            if (block == null || done == block.size()) {
                block = null;
                if (!blocks.hasNext()) {
                    return false;
                }
                block = blocks.next();
                query = 0;
                done = 0;
            }
            searchChunk();
        }
        if (query < done) {
            takeQuery(query++);
        }
        return true;
    }

    /** Searches for the next queries of the block. */
    private void searchChunk() {
        int most = Math.min(plan.chunkQueries(), HeadChoice.mostQueries(plan.policy()));
        int count = Math.min(block.size() - done, most);
        QueryRows rows = QueryRows.of(space, block.vectors().slice(done, done + count));
        int length = (int) Math.max(1, Math.min(plan.selection().listLength(), searched.size()));
        top = searched.search(rows, length);
        done += count;
        cost.queries().add(count);
    }

    private void takeQuery(int number) {
        int list = number - (done - top.queries());
        int size = begin(block.ids(), number) ? top.size(list) : 0;
        boolean more = true;
        for (int r = 0; r < size && more; r++) {
            more = searched.give(top.ordinal(list, r), top.key(list, r), taker);
        }
        end();
    }
}
