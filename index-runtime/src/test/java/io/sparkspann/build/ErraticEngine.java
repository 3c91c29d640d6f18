package io.sparkspann.build;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Runs tasks as a cluster may: last ones first, each twice, of which one run counts; and splits the
 * table as it likes.
 */
record ErraticEngine(VectorBlock vectors, int splits, String fingerprint) implements BuildEngine {
    @Override
    public TableShape table() {
        return new TableShape(
                vectors.type(),
                vectors.dimensions(),
                IdType.LONG,
                true,
                vectors.size(),
                fingerprint);
    }

    @Override
    public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
        return runAll(splits, split -> task.run(split, batches(split)));
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        return runAll(tasks, task::run);
    }

    private static <R> List<R> runAll(int tasks, IntFunction<R> task) {
        List<R> results = new ArrayList<>();
        for (int i = tasks - 1; i >= 0; i--) {
            R first = task.apply(i);
            R second = task.apply(i);
            results.add(0, i % 2 == 0 ? first : second);
        }
        return results;
    }

    /** A split in batches of 100 rows. */
    private Iterator<VectorBatch> batches(int split) {
        List<VectorBatch> batches = new ArrayList<>();
        int end = (int) ((long) vectors.size() * (split + 1) / splits);
        for (int from = (int) ((long) vectors.size() * split / splits); from < end; from += 100) {
            int to = Math.min(end, from + 100);
            long[] ids = new long[to - from];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = from + i;
            }
            batches.add(
                    new VectorBatch(
                            IdBlock.ofNumbers(IdType.LONG, ids),
                            vectors.slice(from, to),
                            "base",
                            from,
                            0));
        }
        return batches.iterator();
    }
}
