package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** Another engine, with sums of what its tasks did. For one thread. */
final class CountingEngine implements BuildEngine {
    private final BuildEngine engine;
    private long writtenBytes;
    private long distances;

    CountingEngine(BuildEngine engine) {
        this.engine = engine;
    }

    @Override
    public TableShape table() {
        return engine.table();
    }

    @Override
    public boolean skipsBadRows() {
        return engine.skipsBadRows();
    }

    @Override
    public long taskHeapBytes() {
        return engine.taskHeapBytes();
    }

    @Override
    public Optional<RowKeeper> rows() {
        return engine.rows();
    }

    @Override
    public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
        return counted(engine.mapInput(stage, task));
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        return counted(engine.run(stage, tasks, task));
    }

    private <R> List<R> counted(List<R> results) {
        for (R result : results) {
            if (result instanceof TaskOutput output) {
                writtenBytes += output.writtenBytes();
                distances += output.distances();
            }
        }
        return results;
    }

    /** Counts files that others than these tasks wrote. */
    List<FileEntry> written(List<FileEntry> files) {
        writtenBytes += TaskOutput.bytes(files.toArray(new FileEntry[0]));
        return files;
    }

    /** Bytes of the files that were written so far. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Distances of the tasks that count them, so far. */
    long distances() {
        return distances;
    }
}
