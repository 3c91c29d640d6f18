package io.sparkspann.spark.build;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.TableShape;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs tasks one after another in the calling thread; ids are row numbers. */
record InProcess(TableShape table, VectorBlock vectors) implements BuildEngine {
    @Override
    public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
        long[] ids = new long[vectors.size()];
        Arrays.setAll(ids, i -> i);
        VectorBatch all =
                new VectorBatch(IdBlock.ofNumbers(table.idType(), ids), vectors, "vectors", 0, 0);
        return List.of(task.run(0, List.of(all).iterator()));
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        List<R> results = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            results.add(task.run(i));
        }
        return results;
    }
}
