package io.sparkspann.spark.join;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.Probing;
import io.sparkspann.search.QueryRows;
import java.util.Iterator;

/**
 * Second step of an exact join: the nearest heads of the queries, which are vectors, bound how far
 * their neighbours are, and make a block for each shard that may have some. Lazy: holds one chunk.
 */
final class RouteExactly extends BlockStream {
    private final Forest forest;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final Probing probing;
    private final ReachedShards reached;
    private final Iterator<QueryBlock> chunks;
    private final JoinCost cost;

    RouteExactly(
            SharedIndex index,
            AllowList allowed,
            JoinSteps steps,
            LeafRadii radii,
            Iterator<QueryBlock> chunks) {
        this.forest = index.forest();
        this.space = index.files().space();
        this.plan = steps.plan();
        // As many heads as neighbours, or there is no bound.
        int heads = Math.max(plan.policy().maxProbes(), plan.selection().listLength());
        ProbePolicy policy = ProbePolicy.fixed(heads, Double.POSITIVE_INFINITY);
        this.probing = new Probing(policy, allowed);
        this.reached = new ReachedShards(forest.router(), radii);
        this.chunks = chunks;
        this.cost = steps.cost();
    }

    @Override
    protected boolean advance() {
        if (!chunks.hasNext()) {
            return false;
        }
        QueryBlock block = chunks.next();
        QueryRows queries = QueryRows.of(space, block.vectors());
        float[] bounds = bounds(queries);
        cost.queries().add(block.size());
        boolean[] sent = new boolean[block.size()];
        for (int shard = 0; shard < plan.shards(); shard++) {
            int[] rows = reached.of(shard, queries, bounds);
            if (rows.length > 0) {
                send(shard, bounded(block, rows, bounds, sent));
            }
        }
        return true;
    }

    private float[] bounds(QueryRows queries) {
        float[] bounds = new float[queries.size()];
        int from = 0;
        while (from < bounds.length) {
            int to = Math.min(bounds.length, from + RouteQueries.most(plan));
            HeadChoice choice =
                    HeadChoice.of(
                            forest, queries, from, to, probing, plan.selection().listLength());
            for (int i = 0; i < choice.order().length; i++) {
                bounds[choice.order()[i]] = choice.bound(i);
            }
            from += choice.order().length;
        }
        return bounds;
    }

    /** Some queries with their bounds; strings go with the first copy of a query only. */
    private static QueryBlock bounded(
            QueryBlock block, int[] rows, float[] bounds, boolean[] sent) {
        float[] some = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            some[i] = bounds[rows[i]];
        }
        return block.gather(rows, Ids.gatherUnsent(block.ids(), rows, sent))
                .routed(some, new int[0], new int[0]);
    }

    private void send(int shard, QueryBlock block) {
        int first = plan.firstPart(shard);
        emit(first, block.divide(plan.salts(), i -> plan.part(shard, block.keys()[i]) - first));
    }
}
