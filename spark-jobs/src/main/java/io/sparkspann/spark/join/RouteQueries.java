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
        this.nextKey = (long) partition << ROW_BITS;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && batches.hasNext()) {
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

    private void route() {
        List<VectorBatch> chunk = new ArrayList<>();
        int size = 0;
        while (batches.hasNext() && size < CHUNK) {
            VectorBatch batch = batches.next();
            chunk.add(batch);
            size += batch.size();
            cost.skipped().add(batch.skippedRows());
        }
        if (size == 0) {
            return;
        }
        VectorBlock vectors = join(chunk, size);
        IdBlock ids = ids(chunk);
        QueryRows queries = QueryRows.of(space, vectors);
        // A block must fit the memory of the task that scores it.
        int most = Math.min(CHUNK, plan.chunkQueries());
        for (int from = 0; from < size; from += most) {
            int to = Math.min(size, from + most);
            HeadChoice choice = HeadChoice.of(forest, queries, from, to, plan.policy());
            cost.probes().add(choice.pairs());
            addBlocks(choice, ids, vectors);
        }
        cost.queries().add(size);
        nextKey += size;
    }

    /** The parts of a shard take turns, so that also the queries of one partition are spread. */
    private void addBlocks(HeadChoice choice, IdBlock ids, VectorBlock vectors) {
        for (int shard = 0; shard + 1 < firstParts.length; shard++) {
            if (choice.pairs(shard) > 0) {
                int turn = Math.floorMod(partition + blocks, plan.salts()[shard]);
                ready.add(
                        new Tuple2<>(
                                firstParts[shard] + turn,
                                block(choice, shard, ids, vectors).encode()));
            }
        }
        blocks++;
    }

    private QueryBlock block(HeadChoice choice, int shard, IdBlock ids, VectorBlock vectors) {
        int pairs = choice.pairs(shard);
        int[] pairQueries = new int[pairs];
        int[] pairPostings = new int[pairs];
        int[] rows = new int[Math.min(pairs, vectors.size())];
        int count = 0;
        for (int i = 0; i < pairs; i++) {
            int query = choice.query(shard, i);
            if (count == 0 || rows[count - 1] != query) {
                rows[count++] = query;
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
                keys, ids.gather(rows), vectors.gather(rows), pairQueries, pairPostings);
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
