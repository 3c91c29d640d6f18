package io.sparkspann.spark.join;

import io.sparkspann.posting.IdTable;
import io.sparkspann.posting.PostingFile;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.ExactSearch;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.search.NearHeads;
import io.sparkspann.search.PostingQueries;
import io.sparkspann.search.PostingScanner;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.TopK;

/**
 * Third step of a join: scores the queries of a part of a shard. Takes in as many blocks as the
 * memory of a chunk allows, streams the shard's postings once over them, and hands the partial
 * lists on to the merge. Lazy: holds one chunk.
 */
final class ScanPart extends BlockStream {
    private final SharedIndex index;
    private final IndexFiles files;
    private final AllowList allowed;
    private final JoinPlan plan;
    private final JoinCost cost;
    private final ShuffledQueries chunks;

    ScanPart(
            SharedIndex index,
            AllowList allowed,
            JoinPlan plan,
            JoinCost cost,
            ShuffledQueries chunks) {
        this.index = index;
        this.allowed = allowed;
        this.files = index.files();
        this.plan = plan;
        this.cost = cost;
        this.chunks = chunks;
    }

    @Override
    protected boolean advance() {
        if (!chunks.hasNext()) {
            return false;
        }
        QueryBlock all = chunks.next();
        int size = all.size();
        int shard = plan.shardOf(chunks.part());
        IdTable ids = files.ids(shard);
        int n = ids.ids().size();
        TopK top =
                new TopK(
                        size,
                        Math.min(plan.selection().listLength(), n),
                        (a, b) -> ids.ids().compare(ids.position(a), ids.ids(), ids.position(b)));
        QueryRows queries = QueryRows.of(files.space(), all.vectors());
        for (int q = 0; q < size; q++) {
            top.bound(q, all.bounds()[q]);
        }
        ScanStats stats = new ScanStats();
        if (plan.selection().exact()) {
            compare(shard, queries, top, stats);
        } else {
            scan(shard, all, queries, top, stats);
        }
        cost.addScan(stats);
        emitLists(all, top, ids);
        return true;
    }

    private void compare(int shard, QueryRows queries, TopK top, ScanStats stats) {
        try (PostingFile postings = files.postings(shard)) {
            new ExactSearch(index.forest(), queries, allowed, stats)
                    .search(shard, index.radii(shard, postings), postings, top);
        }
    }

    private void scan(int shard, QueryBlock all, QueryRows queries, TopK top, ScanStats stats) {
        new NearHeads(queries, allowed)
                .offer(
                        index.forest().tree(shard),
                        files.firstOrdinals()[shard],
                        all.pairQueries(),
                        all.pairPostings(),
                        all.pairPostings().length,
                        top);
        try (PostingFile postings = files.postings(shard)) {
            PostingQueries wanted =
                    PostingQueries.of(
                            all.pairQueries(),
                            all.pairPostings(),
                            all.pairPostings().length,
                            postings.directory().size());
            new PostingScanner(files.space(), postings, allowed, stats).scan(queries, wanted, top);
        }
    }

    /** Partial lists, spread over the merge tasks by query key. */
    private void emitLists(QueryBlock queries, TopK top, IdTable table) {
        int buckets = plan.mergeBuckets();
        int[][] rows =
                Division.of(queries.size(), buckets, q -> bucket(queries.keys()[q], buckets));
        for (int b = 0; b < buckets; b++) {
            if (rows[b] != null) {
                emit(b, PartialLists.of(queries, rows[b], top, table).encode());
            }
        }
    }

    private static int bucket(long key, int buckets) {
        long mixed = (key ^ (key >>> 33)) * 0xFF51AFD7ED558CCDL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 33), (long) buckets);
    }
}
