package io.sparkspann.spark.join;

import io.sparkspann.search.BlockScan;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.IdBlock;

/** Vectors in memory; each query is compared with all of them. */
final class SearchedList implements Searched {
    private final QueryBlock vectors;
    private final JoinCost cost;

    SearchedList(ListedVectors listed, JoinCost cost) {
        this.vectors = listed.all();
        this.cost = cost;
    }

    @Override
    public long size() {
        return vectors.size();
    }

    @Override
    public TopK search(QueryRows queries, int length) {
        IdBlock ids = vectors.ids();
        TopK top = new TopK(queries.size(), length, (a, b) -> ids.compare((int) a, ids, (int) b));
        BlockScan.scan(queries, vectors.vectors(), 0, top);
        cost.distances().add((long) queries.size() * vectors.size());
        return top;
    }

    @Override
    public boolean give(long ordinal, float key, Taker taker) {
        return taker.take(key, vectors.ids(), (int) ordinal);
    }
}
