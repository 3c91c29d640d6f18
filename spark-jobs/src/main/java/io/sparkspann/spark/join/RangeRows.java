package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.search.ExactSearch;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.RangeHits;
import io.sparkspann.search.ScanStats;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;

/**
 * The pairs of the queries of a part and the vectors of its shard, some queries at a time: fewer
 * where they find much, so that what is held is bounded by {@link #ROOM}, or by the size of a shard
 * where one query alone finds more. Gives the same row object, filled anew, again and again. For
 * one thread.
 */
final class RangeRows implements Iterator<InternalRow> {
    /** Pairs that are held at a time. */
    private static final int ROOM = 1 << 21;

    private final RangeSteps steps;
    private final SharedIndex index;
    private final IndexFiles files;
    private final VectorSpace space;
    private final ShuffledQueries chunks;
    private final InternalRow row;
    private QueryBlock block;
    private int done;
    private int wished;
    private IdTable ids;
    private RangeHits hits;
    private int firstQuery;
    private int query;
    private int rank;

    RangeRows(RangeSteps steps, ShuffledQueries chunks) {
        this.steps = steps;
        this.index = steps.index().value();
        this.files = index.files();
        this.space = files.space();
        this.chunks = chunks;
        this.row = new SpecificInternalRow(steps.schema());
        this.wished = steps.plan().chunkQueries();
    }

    @Override
    public boolean hasNext() {
        while (true) {
            while (hits != null && query < hits.queries()) {
                if (rank < hits.size(query) && !isSelf()) {
                    return true;
                }
                if (rank < hits.size(query)) {
                    rank++;
                } else {
                    query++;
                    rank = 0;
                }
            }
            hits = null;
            if (!advance()) {
                return false;
            }
        }
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        NeighborColumns.setId(row, 0, block.ids(), firstQuery + query);
        NeighborColumns.setId(row, 1, ids.ids(), ids.position(hits.ordinal(query, rank)));
        row.setFloat(2, space.reported(hits.key(query, rank)));
        rank++;
        steps.cost().rows().add(1);
        return row;
    }

    private boolean isSelf() {
        if (!steps.plan().selection().excludeSelf()) {
            return false;
        }
        IdBlock own = block.ids();
        boolean strings = own.type() == IdType.STRING;
        return strings == (ids.ids().type() == IdType.STRING)
                && own.compare(
                                firstQuery + query,
                                ids.ids(),
                                ids.position(hits.ordinal(query, rank)))
                        == 0;
    }

    /** Compares the next queries; false if there are none. */
    private boolean advance() {
        if (block == null || done == block.size()) {
            if (!chunks.hasNext()) {
                return false;
            }
            block = chunks.next();
            done = 0;
            ids = files.ids(steps.plan().shardOf(chunks.part()));
        }
        int count = Math.min(wished, block.size() - done);
        RangeHits found = compare(count);
        while (found.isFull()) {
            count = Math.max(1, count / 2);
            wished = count;
            found = compare(count);
        }
        found.finish();
        if (found.total() < ROOM / 4) {
            // Where little is found again, more queries share a pass again.
            wished = (int) Math.min(steps.plan().chunkQueries(), 2L * wished);
        }
        hits = found;
        firstQuery = done;
        query = 0;
        rank = 0;
        done += count;
        return true;
    }

    private RangeHits compare(int count) {
        QueryRows queries = QueryRows.of(space, block.vectors().slice(done, done + count));
        RangeHits found =
                new RangeHits(
                        count,
                        steps.limit(),
                        0,
                        (a, b) -> Long.compare(a, b),
                        count == 1 ? Long.MAX_VALUE : ROOM);
        int shard = steps.plan().shardOf(chunks.part());
        ScanStats stats = new ScanStats();
        try (PostingFile postings = files.postings(shard)) {
            new ExactSearch(index.forest(), queries, steps.allowed().value(), stats)
                    .search(shard, index.radii(shard, postings), postings, found);
        }
        steps.cost().addScan(stats);
        return found;
    }
}
