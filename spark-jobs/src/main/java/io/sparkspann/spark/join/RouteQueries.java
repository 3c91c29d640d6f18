package io.sparkspann.spark.join;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.AllowList;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.Probing;
import io.sparkspann.search.QueryRows;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Second step of a join: finds the heads of the queries of a partition, some thousands at a time,
 * and makes a block for each shard that any of them needs. Lazy: holds one chunk.
 */
final class RouteQueries extends BlockStream {
    private static final int CHUNK = 8192;

    private final Forest forest;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final Probing probing;
    private final Iterator<QueryBlock> chunks;
    private final JoinCost cost;
    private Loaded loaded = Loaded.NOTHING;
    private int routed;

    RouteQueries(
            SharedIndex index,
            AllowList allowed,
            JoinPlan plan,
            Iterator<QueryBlock> chunks,
            JoinCost cost) {
        this.forest = index.forest();
        this.space = index.files().space();
        this.plan = plan;
        this.probing = new Probing(plan.policy(), allowed);
        this.chunks = chunks;
        this.cost = cost;
    }

    /** Queries of a block of another shard that are routed together, so that it fits its task. */
    static int most(JoinPlan plan) {
        return Math.min(
                Math.min(CHUNK, plan.chunkQueries()), HeadChoice.mostQueries(plan.policy()));
    }

    /** Queries that have been read together. */
    private record Loaded(QueryBlock block, QueryRows queries) {
        static final Loaded NOTHING = new Loaded(null, null);

        int size() {
            return block == null ? 0 : block.size();
        }
    }

    @Override
    protected boolean advance() {
        if (routed == loaded.size()) {
            if (!chunks.hasNext()) {
                return false;
            }
            QueryBlock block = chunks.next();
            loaded = new Loaded(block, QueryRows.of(space, block.vectors()));
            routed = 0;
        }
        int to = Math.min(loaded.size(), routed + most(plan));
        HeadChoice choice =
                HeadChoice.of(
                        forest,
                        loaded.queries(),
                        routed,
                        to,
                        probing,
                        plan.selection().listLength());
        int count = choice.order().length;
        cost.queries().add(count);
        cost.probes().add(choice.pairs());
        addBlocks(choice);
        routed += count;
        return true;
    }

    private void addBlocks(HeadChoice choice) {
        boolean[] sent = new boolean[loaded.size()];
        for (int shard = 0; shard < plan.shards(); shard++) {
            if (choice.pairs(shard) > 0) {
                send(shard, block(choice, shard, sent));
            }
        }
    }

    private void send(int shard, QueryBlock block) {
        int first = plan.firstPart(shard);
        emit(first, block.divide(plan.salts(), i -> plan.part(shard, block.keys()[i]) - first));
    }

    /**
     * The queries that want postings of a shard.
     *
     * @param sent which queries have been sent to a shard already: strings, which may be whole
     *     rows, go with the first copy of a query only
     */
    private QueryBlock block(HeadChoice choice, int shard, boolean[] sent) {
        int pairs = choice.pairs(shard);
        int[] pairQueries = new int[pairs];
        int[] pairPostings = new int[pairs];
        int[] rows = new int[Math.min(pairs, loaded.size())];
        float[] bounds = new float[rows.length];
        int count = 0;
        int last = -1;
        for (int i = 0; i < pairs; i++) {
            int query = choice.query(shard, i);
            if (query != last) {
                bounds[count] = choice.bound(query);
                rows[count++] = choice.order()[query];
                last = query;
            }
            pairQueries[i] = count - 1;
            pairPostings[i] = choice.posting(shard, i);
        }
        int[] chosen = Arrays.copyOf(rows, count);
        return loaded.block()
                .gather(chosen, Ids.gatherUnsent(loaded.block().ids(), chosen, sent))
                .routed(Arrays.copyOf(bounds, count), pairQueries, pairPostings);
    }
}
