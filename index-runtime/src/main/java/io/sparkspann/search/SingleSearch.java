package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.graph.GraphSearch;

/** Search for one query at a time. Reusable state of one thread. */
final class SingleSearch {
    /** Heads looked for beyond the probes, so that the graph walk does not stop too early. */
    private static final int SPARE_HEADS = 16;

    private final SpannIndex index;
    private final GraphSearch graphSearch;
    private final PostingScanner[] scanners;
    private final ScanStats stats = new ScanStats();

    SingleSearch(SpannIndex index) {
        this.index = index;
        this.graphSearch = new GraphSearch(index.forest(), index.graphs());
        this.scanners = new PostingScanner[index.files().shards()];
    }

    Neighbors search(QueryRows query, SearchOptions options) {
        ProbePolicy policy = options.policy(index.manifest());
        Forest forest = index.forest();
        int allHeads = forest.firstHeads()[scanners.length];
        int wished = Math.min(allHeads, policy.maxProbes() + SPARE_HEADS);
        NearestLists heads = new NearestLists(wished);
        graphSearch.search(query.embedded(), query.squaredNorm(0), heads);
        int probes = policy.probes(heads, 0, query.squaredNorm(0));
        int k = (int) Math.min(options.k(), index.size());
        TopK top = new TopK(1, k, index::compareIds);
        int[] posting = new int[1];
        for (int r = 0; r < probes; r++) {
            int shard = forest.shardOfHead(heads.number(0, r));
            posting[0] = heads.number(0, r) - forest.firstHeads()[shard];
            scanner(shard).scan(query, posting, 1, top);
        }
        return index.resolve(top);
    }

    /** Made when first needed: each has buffers, and an index may have thousands of shards. */
    private PostingScanner scanner(int shard) {
        if (scanners[shard] == null) {
            scanners[shard] =
                    new PostingScanner(index.files().space(), index.postings(shard), stats);
        }
        return scanners[shard];
    }
}
