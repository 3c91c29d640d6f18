package io.sparkspann.search;

import io.sparkspann.cluster.ShardTree;
import io.sparkspann.distance.VectorSpace;

/**
 * Heads are vectors of the base, so the nearest heads of a query are neighbours of a kind: offered
 * before any posting is read, they make its limit tight from the start, in all shards at once. One
 * instance serves one thread.
 */
public final class NearHeads {
    private final QueryRows queries;
    private final VectorSpace space;
    private final AllowList allowed;
    private final float[] head;

    /**
     * @param allowed what is offered
     */
    public NearHeads(QueryRows queries, AllowList allowed) {
        this.queries = queries;
        this.allowed = allowed;
        this.space = queries.space();
        this.head = new float[space.dimensions()];
    }

    /**
     * Offers to each query the first k allowed heads of its postings in a shard.
     *
     * @param pairQueries query of each pair, ascending
     * @param pairPostings posting of each pair, those of a query nearest first
     * @param pairs number of pairs
     * @param firstOrdinal ordinal of the shard's first vector
     */
    public void offer(
            ShardTree tree,
            long firstOrdinal,
            int[] pairQueries,
            int[] pairPostings,
            int pairs,
            TopK top) {
        int offered = 0;
        for (int i = 0; i < pairs; i++) {
            int query = pairQueries[i];
            offered = i > 0 && pairQueries[i - 1] == query ? offered : 0;
            int local = pairPostings[i];
            if (offered < top.k() && allowed.contains(firstOrdinal + tree.headRows()[local])) {
                offer(query, tree, local, firstOrdinal, top);
                offered++;
            }
        }
    }

    /** Offers one head to a query. */
    void offer(int query, ShardTree tree, int local, long firstOrdinal, TopK top) {
        top.offer(query, key(query, tree, local), firstOrdinal + tree.headRows()[local]);
    }

    private float key(int query, ShardTree tree, int local) {
        int d = space.dimensions();
        space.copyStored(tree.heads(), local, head, 0);
        if (queries.integers()) {
            float separation = space.geometry().separation(queries.rows(), query * d, head, 0);
            return space.keyOfExactScore(separation, 0);
        }
        return space.exactKey(queries.rows(), query * d, head, 0, 1);
    }
}
