package io.sparkspann.spark.join;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.Probing;
import io.sparkspann.search.QueryRows;
import java.util.Arrays;
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
    private QueryBlock block;
    private QueryRows queries;
    private float[] bounds;
    private boolean[] sent;
    private boolean[] named;
    private int shard;

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

    /** One shard at a time: copies for all shards at once would be as many times the chunk. */
    @Override
    protected boolean advance() {
        if (block == null) {
            if (!chunks.hasNext()) {
                return false;
            }
            begin(chunks.next());
        }
        int[] rows = reached.of(shard, queries, bounds);
        rows = shard == plan.shards() - 1 ? withUnsent(rows) : rows;
        if (rows.length > 0) {
            send(shard, bounded(rows));
        }
        shard++;
        block = shard < plan.shards() ? block : null;
        return true;
    }

    private void begin(QueryBlock chunk) {
        block = chunk;
        queries = QueryRows.of(space, chunk.vectors());
        bounds = bounds(queries);
        sent = new boolean[chunk.size()];
        named = new boolean[chunk.size()];
        shard = 0;
        cost.queries().add(chunk.size());
    }

    /** A query that reaches nothing goes somewhere all the same, for it has a result. */
    private int[] withUnsent(int[] rows) {
        boolean[] taken = sent.clone();
        for (int row : rows) {
            taken[row] = true;
        }
        int[] all = Arrays.copyOf(rows, taken.length);
        int count = rows.length;
        for (int row = 0; row < taken.length; row++) {
            if (!taken[row]) {
                all[count++] = row;
            }
        }
        int[] some = Arrays.copyOf(all, count);
        Arrays.sort(some);
        return some;
    }

    private float[] bounds(QueryRows rows) {
        float limit = plan.selection().keyLimit(space);
        float[] nearest = new float[rows.size()];
        int from = 0;
        while (from < nearest.length) {
            int to = Math.min(nearest.length, from + RouteQueries.most(plan));
            HeadChoice choice =
                    HeadChoice.of(forest, rows, from, to, probing, plan.selection().listLength());
            for (int i = 0; i < choice.order().length; i++) {
                nearest[choice.order()[i]] = Math.min(limit, choice.bound(i));
            }
            from += choice.order().length;
        }
        return nearest;
    }

    /** Some queries with their bounds; strings go with the first copy of a query only. */
    private QueryBlock bounded(int[] rows) {
        float[] some = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            some[i] = bounds[rows[i]];
            sent[rows[i]] = true;
        }
        return block.gather(rows, Ids.gatherUnsent(block.ids(), rows, named))
                .routed(some, new int[0], new int[0]);
    }

    private void send(int to, QueryBlock some) {
        int first = plan.firstPart(to);
        emit(first, some.divide(plan.salts(), i -> plan.part(to, some.keys()[i]) - first));
    }
}
