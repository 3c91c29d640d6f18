package io.sparkspann.build;

import io.sparkspann.vector.VectorBatch;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Runs the tasks of the build's stages: on threads of this process, or on Spark. Tasks exchange
 * data through files, results of tasks are small. A task may run more than once, also at the same
 * time; the engine returns the result of one run of each, in task order.
 */
public interface BuildEngine {
    /** A task over one split of the input. */
    @FunctionalInterface
    interface InputTask<R extends Serializable> extends Serializable {
        R run(int split, Iterator<VectorBatch> batches);
    }

    /** A task with a number. */
    @FunctionalInterface
    interface IndexedTask<R extends Serializable> extends Serializable {
        R run(int index);
    }

    TableShape table();

    /** Heap that a task may count on, in bytes: that of its process, shared by those that run. */
    default long taskHeapBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() / runtime.availableProcessors();
    }

    /** Whether rows that cannot be used are counted and left out; else they are an error. */
    default boolean skipsBadRows() {
        return false;
    }

    /** Keeps the table's rows in the index; empty if they are not kept. */
    default Optional<RowKeeper> rows() {
        return Optional.empty();
    }

    /** Runs a task over every split of the input. */
    <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task);

    /** Runs tasks {@code 0} to {@code tasks - 1}. */
    <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task);
}
