package io.sparkspann.spark.join;

import io.sparkspann.search.ChunkSearch;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.IndexIds;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.TopK;
import java.util.Iterator;

/**
 * The second and last step of a join where heads and ids of the whole index fit the memory:
 * searches for the queries of a part in all shards, as many at once as the memory of a chunk
 * allows, and makes rows. Lazy: holds the lists of one chunk.
 */
final class SearchPart extends ResultRows {
    private final SharedIndex index;
    private final IndexIds ids;
    private final JoinPlan plan;
    private final JoinCost cost;
    private final Iterator<QueryBlock> blocks;
    private QueryBlock block;
    private int searched;
    private TopK top;
    private int query;

    SearchPart(
            SharedIndex index,
            JoinPlan plan,
            JoinColumns columns,
            JoinCost cost,
            Iterator<QueryBlock> blocks) {
        super(plan.selection(), index.files().space(), columns, cost);
        this.index = index;
        this.ids = index.ids();
        this.plan = plan;
        this.cost = cost;
        this.blocks = blocks;
    }

    @Override
    protected boolean advance() {
        if (block == null || query == searched) {
            top = null;
            if (block == null || searched == block.size()) {
                block = null;
                if (!blocks.hasNext()) {
                    return false;
                }
                block = blocks.next();
                query = 0;
                searched = 0;
            }
            searchChunk();
        }
        if (query < searched) {
            takeQuery(query++);
        }
        return true;
    }

    /** Searches for the next queries of the block. */
    private void searchChunk() {
        ProbePolicy policy = plan.policy();
        int most = Math.min(plan.chunkQueries(), HeadChoice.mostQueries(policy));
        int count = Math.min(block.size() - searched, most);
        QueryRows rows =
                QueryRows.of(
                        index.files().space(), block.vectors().slice(searched, searched + count));
        long size = index.files().manifest().vectors();
        top = new TopK(count, (int) Math.min(plan.selection().listLength(), size), ids::compare);
        ScanStats stats = new ScanStats();
        try (OpenPostings postings = new OpenPostings(index.files())) {
            new ChunkSearch(index.files(), index.forest(), postings::of, ids::compare, stats)
                    .search(rows, 0, count, policy, top);
        }
        searched += count;
        cost.queries().add(count);
        cost.probes().add(stats.probes());
        cost.addScan(stats);
    }

    private void takeQuery(int number) {
        int list = number - (searched - top.queries());
        int size = begin(block.ids(), number) ? top.size(list) : 0;
        boolean more = true;
        for (int r = 0; r < size && more; r++) {
            long ordinal = top.ordinal(list, r);
            int shard = ids.shardOf(ordinal);
            more = offer(top.key(list, r), ids.ofShard(shard), ids.position(shard, ordinal));
        }
        end();
    }
}
