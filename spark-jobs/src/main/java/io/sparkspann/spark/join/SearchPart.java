package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.ChunkSearch;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.IndexIds;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.IdBlock;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The second and last step of a join where heads and ids of the whole index fit the memory:
 * searches for the queries of a part in all shards, as many at once as the memory of a chunk
 * allows, and makes rows. Lazy: holds the lists of one chunk. Gives the same row object, filled
 * anew, again and again, as Spark's own scans do.
 */
final class SearchPart implements Iterator<InternalRow> {
    private final SharedIndex index;
    private final IndexIds ids;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final JoinCost cost;
    private final Iterator<QueryBlock> blocks;
    private final InternalRow row;
    private final int[] shards;
    private final int[] positions;
    private final float[] distances;
    private QueryBlock block;
    private int searched;
    private TopK top;
    private int query;
    private int found;
    private int given;

    SearchPart(
            SharedIndex index,
            JoinPlan plan,
            JoinColumns columns,
            JoinCost cost,
            Iterator<QueryBlock> blocks) {
        this.index = index;
        this.ids = index.ids();
        this.space = index.files().space();
        this.plan = plan;
        this.cost = cost;
        this.blocks = blocks;
        this.row = columns.newRow();
        this.shards = new int[plan.k()];
        this.positions = new int[plan.k()];
        this.distances = new float[plan.k()];
    }

    @Override
    public boolean hasNext() {
        while (given == found && advance()) {
            if (query < searched) {
                takeQuery(query++);
            }
        }
        return given < found;
    }

    /** Sees to it that queries that have been searched for are left; false if there are none. */
    private boolean advance() {
        if (block != null && query < searched) {
            return true;
        }
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
        return true;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        IdBlock neighborIds = ids.ofShard(shards[given]);
        int position = positions[given];
        float distance = distances[given++];
        JoinColumns.setNeighbor(row, neighborIds, position, distance, given);
        return row;
    }

    /** Searches for the next queries of the block. */
    private void searchChunk() {
        ProbePolicy policy = plan.policy();
        int most = Math.min(plan.chunkQueries(), HeadChoice.mostQueries(policy));
        int count = Math.min(block.size() - searched, most);
        QueryRows rows = QueryRows.of(space, block.vectors().slice(searched, searched + count));
        long size = index.files().manifest().vectors();
        top = new TopK(count, (int) Math.min(plan.listLength(), size), ids::compare);
        ScanStats stats = new ScanStats();
        try (OpenPostings postings = new OpenPostings(index.files())) {
            new ChunkSearch(index.files(), index.forest(), postings::of, ids::compare, stats)
                    .search(rows, 0, count, policy, top);
        }
        searched += count;
        cost.queries().add(count);
        cost.probes().add(stats.probes());
        cost.distances().add(stats.distances());
        cost.bytesRead().add(stats.bytesRead());
    }

    /** Takes the neighbours of a query, without itself where it shall not be among them. */
    private void takeQuery(int number) {
        JoinColumns.setQuery(row, block.ids(), number);
        given = 0;
        found = 0;
        int list = number - (searched - top.queries());
        for (int r = 0; r < top.size(list) && found < plan.k(); r++) {
            long ordinal = top.ordinal(list, r);
            int shard = ids.shardOf(ordinal);
            int position = ids.position(shard, ordinal);
            IdBlock neighborIds = ids.ofShard(shard);
            if (!plan.excludeSelf()
                    || !JoinColumns.isSame(block.ids(), number, neighborIds, position)) {
                shards[found] = shard;
                positions[found] = position;
                distances[found++] = space.reported(top.key(list, r));
            }
        }
        cost.rows().add(found);
        cost.shortLists().add(found < plan.k() ? 1 : 0);
    }
}
