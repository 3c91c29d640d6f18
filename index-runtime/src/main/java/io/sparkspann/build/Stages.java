package io.sparkspann.build;

import com.fasterxml.jackson.core.type.TypeReference;
import io.sparkspann.error.StorageException;
import io.sparkspann.storage.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs the stages of a build that another process may discard meanwhile, with the journal of what
 * is done, and keeps what they took. For one thread.
 */
final class Stages {
    private final BuildStart begun;
    private final Storage storage;
    private final Journal journal;
    private final CountingEngine engine;
    private final IndexBuilder.StageListener listener;
    private final List<StageRun> runs = new ArrayList<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    Stages(
            BuildStart begun,
            Storage storage,
            CountingEngine engine,
            IndexBuilder.StageListener listener) {
        this.begun = begun;
        this.storage = storage;
        this.journal = new Journal(storage, begun.folder());
        this.engine = engine;
        this.listener = listener;
    }

    /** The result of a stage, which runs unless an earlier run of the build has finished it. */
    <R> R run(String name, TypeReference<R> type, Supplier<R> work) {
        begun.requireUnderWay(storage);
        long start = System.nanoTime();
        long bytes = engine.writtenBytes();
        long distances = engine.distances();
        Journal.Entry<R> entry;
        try {
            entry = journal.stage(name, type, work);
        } catch (StorageException e) {
            // Its files may be gone because it was discarded, which says more.
            begun.requireUnderWay(storage);
            throw e;
        }
        double took = (System.nanoTime() - start) / 1e9;
        runs.add(
                entry.earlier()
                        ? StageRun.ofEarlier(name)
                        : new StageRun(
                                name,
                                false,
                                took,
                                engine.writtenBytes() - bytes,
                                engine.distances() - distances));
        seconds.put(name, Math.round(took * 1000) / 1000.0);
        listener.finished(name, took);
        return entry.result();
    }

    /** What was run so far, in that order. */
    List<StageRun> runs() {
        return List.copyOf(runs);
    }

    /** Time of each stage in this run; those of earlier runs took as long as it takes to know. */
    Map<String, Double> seconds() {
        return seconds;
    }
}
