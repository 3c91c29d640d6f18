package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.IdTable;
import io.sparkspann.search.ChunkSearch;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.IndexIds;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.TopK;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The step of a join that does all, where heads and ids of the whole index fit the memory: searches
 * for the queries of a part in all shards, as many at once as the memory of a chunk allows, and
 * makes rows. Lazy: holds one chunk. Gives the same row object, filled anew, again and again, as
 * Spark's own scans do.
 */
final class SearchPart implements Iterator<InternalRow> {
    private final SharedIndex index;
    private final IndexIds ids;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final JoinCost cost;
    private final Iterator<QueryBlock> chunks;
    private final InternalRow row;
    private final long[] ordinals;
    private final float[] distances;
    private QueryBlock chunk;
    private TopK top;
    private int query;
    private int found;
    private int given;

    SearchPart(
            SharedIndex index,
            JoinPlan plan,
            JoinColumns columns,
            JoinCost cost,
            Iterator<QueryBlock> chunks) {
        this.index = index;
        this.ids = index.ids();
        this.space = index.files().space();
        this.plan = plan;
        this.cost = cost;
        this.chunks = chunks;
        this.row = columns.newRow();
        this.ordinals = new long[plan.k()];
        this.distances = new float[plan.k()];
    }

    @Override
    public boolean hasNext() {
        while (given == found && (chunk != null || chunks.hasNext())) {
            if (chunk == null) {
                searchChunk(chunks.next());
            }
            if (query < chunk.size()) {
                takeQuery(query++);
            } else {
                chunk = null;
            }
        }
        return given < found;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        IdTable table = ids.table(ordinals[given]);
        int position = table.position(ordinals[given]);
        float distance = distances[given++];
        JoinColumns.setNeighbor(row, table.ids(), position, distance, given);
        return row;
    }

    private void searchChunk(QueryBlock queries) {
        QueryRows rows = QueryRows.of(space, queries.vectors());
        ProbePolicy policy = plan.policy();
        long size = index.files().manifest().vectors();
        top = new TopK(queries.size(), (int) Math.min(plan.listLength(), size), ids::compare);
        ScanStats stats = new ScanStats();
        try (OpenPostings postings = new OpenPostings(index.files())) {
            ChunkSearch search =
                    new ChunkSearch(
                            index.files(), index.forest(), postings::of, ids::compare, stats);
            int most = HeadChoice.mostQueries(policy);
            for (int from = 0; from < queries.size(); from += most) {
                int to = Math.min(queries.size(), from + most);
                search.search(rows, from, to, policy, top);
            }
        }
        cost.queries().add(queries.size());
        cost.probes().add(stats.probes());
        cost.distances().add(stats.distances());
        cost.bytesRead().add(stats.bytesRead());
        chunk = queries;
        query = 0;
    }

    /** Takes the neighbours of a query, without itself where it shall not be among them. */
    private void takeQuery(int number) {
        JoinColumns.setQuery(row, chunk.ids(), number);
        given = 0;
        found = 0;
        for (int r = 0; r < top.size(number) && found < plan.k(); r++) {
            long ordinal = top.ordinal(number, r);
            if (!plan.excludeSelf() || !isSelf(number, ordinal)) {
                ordinals[found] = ordinal;
                distances[found++] = space.reported(top.key(number, r));
            }
        }
        cost.rows().add(found);
        cost.shortLists().add(found < plan.k() ? 1 : 0);
    }

    private boolean isSelf(int number, long ordinal) {
        IdTable table = ids.table(ordinal);
        return JoinColumns.isSame(chunk.ids(), number, table.ids(), table.position(ordinal));
    }
}
