package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The queries of a partition of the input, in blocks. Their keys are the partition and the position
 * in it, so a task that runs again gives the same ones.
 */
final class ReadQueries implements Iterator<QueryBlock> {
    /** Bits of a query key below the partition number. */
    static final int ROW_BITS = 40;

    private final Iterator<VectorBatch> batches;
    private final JoinPlan plan;
    private final JoinCost cost;
    private long nextKey;

    /** Blocks are chunks of the plan, and at most a batch more. */
    ReadQueries(int partition, Iterator<VectorBatch> batches, JoinPlan plan, JoinCost cost) {
        this.batches = batches;
        this.plan = plan;
        this.cost = cost;
        this.nextKey = (long) partition << ROW_BITS;
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    /** The next block; empty if only unusable rows are left. */
    @Override
    public QueryBlock next() {
        List<VectorBatch> chunk = new ArrayList<>();
        int rows = 0;
        long idBytes = 0;
        do {
            VectorBatch batch = batches.next();
            cost.skipped().add(batch.skippedRows());
            chunk.add(batch);
            rows += batch.size();
            idBytes += Ids.bytes(batch.ids());
        } while (batches.hasNext() && rows < plan.chunkQueries() && idBytes < plan.chunkIdBytes());
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
            keys[i] = nextKey++;
        }
        return QueryBlock.unrouted(
                keys,
                IdBlock.concat(chunk.stream().map(VectorBatch::ids).toList()),
                VectorBlock.concat(chunk.stream().map(VectorBatch::vectors).toList()));
    }
}
