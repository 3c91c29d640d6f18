package io.sparkspann.spark.join;

import io.sparkspann.posting.PostingFile;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.ChunkSearch;
import io.sparkspann.search.ExactSearch;
import io.sparkspann.search.IndexIds;
import io.sparkspann.search.Probing;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.TopK;

/** All shards of an index, whose heads and ids fit the memory. */
final class SearchedIndex implements Searched {
    private final SharedIndex index;
    private final IndexIds ids;
    private final Probing probing;
    private final Selection selection;
    private final JoinCost cost;

    SearchedIndex(SharedIndex index, AllowList allowed, JoinPlan plan, JoinCost cost) {
        this.index = index;
        this.ids = index.ids();
        this.probing = new Probing(plan.policy(), allowed);
        this.selection = plan.selection();
        this.cost = cost;
    }

    @Override
    public long size() {
        return index.files().manifest().vectors();
    }

    @Override
    public TopK search(QueryRows queries, int length) {
        TopK top = new TopK(queries.size(), length, ids::compare);
        ScanStats stats = new ScanStats();
        try (OpenPostings postings = new OpenPostings(index.files())) {
            new ChunkSearch(index.files(), index.forest(), postings::of, ids::compare, stats)
                    .search(queries, 0, queries.size(), probing, top);
            if (selection.exact()) {
                compare(queries, postings, top, stats);
            }
        }
        cost.probes().add(stats.probes());
        cost.addScan(stats);
        return top;
    }

    /** Compares with all vectors that may be nearer than those found. */
    private void compare(QueryRows queries, OpenPostings postings, TopK top, ScanStats stats) {
        float limit = selection.keyLimit(queries.space());
        for (int q = 0; q < queries.size(); q++) {
            top.tighten(q, limit);
        }
        ExactSearch search = new ExactSearch(index.forest(), queries, probing.allowed(), stats);
        for (int shard = 0; shard < index.files().shards(); shard++) {
            PostingFile file = postings.of(shard);
            search.search(shard, index.radii(shard, file), file, top);
        }
    }

    @Override
    public boolean give(long ordinal, float key, Taker taker) {
        int shard = ids.shardOf(ordinal);
        return taker.take(key, ids.ofShard(shard), ids.position(shard, ordinal));
    }
}
