package io.sparkspann.spark.join;

import io.sparkspann.cluster.Router;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.QueryRows;
import java.util.Arrays;
import java.util.Iterator;

/**
 * First step of a join: sends each query to the shard of its nearest router leaf, so that the task
 * that looks for its heads needs the trees of few shards, and queries that share postings meet.
 */
final class GroupQueries extends BlockStream {
    private static final int CHUNK = 4096;

    private final Router router;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final Iterator<QueryBlock> chunks;

    GroupQueries(SharedIndex index, JoinPlan plan, Iterator<QueryBlock> chunks) {
        this.router = index.forest().router();
        this.space = index.files().space();
        this.plan = plan;
        this.chunks = chunks;
    }

    @Override
    protected boolean advance() {
        if (!chunks.hasNext()) {
            return false;
        }
        QueryBlock chunk = chunks.next();
        int[] shards = nearestShards(QueryRows.of(space, chunk.vectors()));
        emit(0, chunk.divide(plan.parts(), i -> plan.part(shards[i], chunk.keys()[i])));
        return true;
    }

    private int[] nearestShards(QueryRows queries) {
        int d = router.dimensions();
        int[] shards = new int[queries.size()];
        NearestLists nearest = new NearestLists(1);
        for (int from = 0; from < shards.length; from += CHUNK) {
            int count = Math.min(CHUNK, shards.length - from);
            float[] rows = Arrays.copyOfRange(queries.embedded(), from * d, (from + count) * d);
            nearest.reset(count);
            router.nearestLeaves(rows, count, nearest);
            for (int i = 0; i < count; i++) {
                shards[from + i] = router.shardOf(nearest.number(i, 0));
            }
        }
        return shards;
    }
}
