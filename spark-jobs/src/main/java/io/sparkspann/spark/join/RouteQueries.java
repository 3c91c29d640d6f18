package io.sparkspann.spark.join;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.HeadChoice;
import io.sparkspann.search.QueryRows;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * First step of a join: finds the heads of the queries of a partition, some thousands at a time,
 * and makes a block for each shard that any of them needs. Lazy: holds one chunk.
 */
final class RouteQueries implements Iterator<Tuple2<Integer, byte[]>> {
    private static final int CHUNK = 8192;

    /** Bits of a query key below the partition number. */
    private static final int ROW_BITS = 40;

    private final Forest forest;
    private final VectorSpace space;
    private final JoinPlan plan;
    private final int[] firstParts;
    private final int partition;
    private final Iterator<VectorBatch> batches;
    private final Deque<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
    private final JoinCost cost;
    private final int most;
    private Loaded loaded = Loaded.NOTHING;
    private int routed;
    private long nextKey;
    private int blocks;

    RouteQueries(
            SharedIndex index,
            JoinPlan plan,
            int partition,
            Iterator<VectorBatch> batches,
            JoinCost cost) {
        this.forest = index.forest();
        this.space = index.files().space();
        this.plan = plan;
        this.firstParts = plan.firstParts();
        this.partition = partition;
        this.batches = batches;
        this.cost = cost;
        this.most = Math.min(CHUNK, plan.chunkQueries());
        this.nextKey = (long) partition << ROW_BITS;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && (routed < loaded.size() || batches.hasNext())) {
            route();
        }
        return !ready.isEmpty();
    }

    @Override
    public Tuple2<Integer, byte[]> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.poll();
    }

    /** Makes the blocks of the next few queries: a block must fit the task that scores it. */
    private void route() {
        if (routed == loaded.size()) {
            load();
        }
        int to = Math.min(loaded.size(), routed + most);
        if (to > routed) {
            HeadChoice choice =
                    HeadChoice.of(
                            forest, loaded.queries(), routed, to, plan.policy(), plan.listLength());
            cost.queries().add(to - routed);
            cost.probes().add(choice.pairs());
            addBlocks(choice);
            routed = to;
        }
    }

    private void load() {
        nextKey += loaded.size();
        routed = 0;
        List<VectorBatch> chunk = new ArrayList<>();
        int size = 0;
        while (batches.hasNext() && size < most) {
            VectorBatch batch = batches.next();
            cost.skipped().add(batch.skippedRows());
            if (batch.size() > 0) {
                chunk.add(batch);
                size += batch.size();
            }
        }
        loaded = size == 0 ? Loaded.NOTHING : load(chunk, size);
    }

    private Loaded load(List<VectorBatch> chunk, int size) {
        VectorBlock vectors = join(chunk, size);
        return new Loaded(size, vectors, ids(chunk), QueryRows.of(space, vectors));
    }

    /** Queries that have been read together. */
    private record Loaded(int size, VectorBlock vectors, IdBlock ids, QueryRows queries) {
        static final Loaded NOTHING = new Loaded(0, null, null, null);
    }

    /** The parts of a shard take turns, so that also the queries of one partition are spread. */
    private void addBlocks(HeadChoice choice) {
        for (int shard = 0; shard + 1 < firstParts.length; shard++) {
            if (choice.pairs(shard) > 0) {
                int turn = Math.floorMod(partition + blocks, plan.salts()[shard]);
                ready.add(new Tuple2<>(firstParts[shard] + turn, block(choice, shard).encode()));
            }
        }
        blocks++;
    }

    private QueryBlock block(HeadChoice choice, int shard) {
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
        rows = Arrays.copyOf(rows, count);
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = nextKey + rows[i];
        }
        return new QueryBlock(
                keys,
                loaded.ids().gather(rows),
                loaded.vectors().gather(rows),
                Arrays.copyOf(bounds, count),
                pairQueries,
                pairPostings);
    }

    private static VectorBlock join(List<VectorBatch> chunk, int size) {
        VectorBlock first = chunk.get(0).vectors();
        VectorBlock all = VectorBlock.allocate(first.type(), first.dimensions(), size);
        int at = 0;
        for (VectorBatch batch : chunk) {
            for (int i = 0; i < batch.size(); i++) {
                batch.vectors().copyTo(i, all, at++);
            }
        }
        return all;
    }

    private static IdBlock ids(List<VectorBatch> chunk) {
        IdBlockBuilder ids = new IdBlockBuilder(chunk.get(0).ids().type());
        for (VectorBatch batch : chunk) {
            for (int i = 0; i < batch.size(); i++) {
                ids.add(batch.ids(), i);
            }
        }
        return ids.build();
    }
}
