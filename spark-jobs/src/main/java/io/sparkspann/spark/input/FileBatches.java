package io.sparkspann.spark.input;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Rows of a vector file as batches; ids are row numbers. Closes the rows at their end, or with the
 * task. For one thread.
 */
final class FileBatches implements Iterator<VectorBatch> {
    private final FileInput input;
    private final FileRows rows;
    private final int capacity;
    private FileRows.Rows ahead;
    private boolean closed;

    FileBatches(FileInput input, FileRows rows, int capacity) {
        this.input = input;
        this.rows = rows;
        this.capacity = capacity;
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close());
    }

    @Override
    public boolean hasNext() {
        if (ahead == null && !closed) {
            ahead = rows.next(capacity);
            if (ahead == null) {
                close();
            }
        }
        return ahead != null;
    }

    @Override
    public VectorBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        FileRows.Rows found = ahead;
        ahead = null;
        int[] good = good(found);
        boolean all = good.length == found.block().size();
        IdBlock ids = IdBlock.ofNumbers(IdType.LONG, found.numbers());
        VectorBlock block = all ? found.block() : found.block().gather(good);
        long skipped = found.end() - found.first() - good.length;
        return new VectorBatch(
                all ? ids : ids.gather(good), block, input.name(), found.first(), skipped);
    }

    /** Positions of the rows that can be used. */
    private int[] good(FileRows.Rows found) {
        int[] good = new int[found.block().size()];
        int size = 0;
        for (int i = 0; i < good.length; i++) {
            String problem = VectorCheck.problem(found.block(), i, input.spec().domain());
            if (problem == null) {
                good[size++] = i;
            } else if (!input.skipsBadRows()) {
                throw input.badRow(found.numbers()[i], problem);
            }
        }
        return Arrays.copyOf(good, size);
    }

    private void close() {
        if (!closed) {
            closed = true;
            rows.close();
        }
    }
}
