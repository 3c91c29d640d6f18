package io.sparkspann.spark.build;

import io.sparkspann.build.BuildEngine;
import io.sparkspann.build.TableShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Notes the stages that run, and lets a test step in before each. */
final class RecordingEngine implements BuildEngine {
    private final BuildEngine engine;
    private final Consumer<String> before;
    private final List<String> stages = new ArrayList<>();

    RecordingEngine(BuildEngine engine, Consumer<String> before) {
        this.engine = engine;
        this.before = before;
    }

    /** Stages that have been started, in order. */
    List<String> stages() {
        return stages;
    }

    @Override
    public TableShape table() {
        return engine.table();
    }

    @Override
    public <R extends Serializable> List<R> mapInput(String stage, InputTask<R> task) {
        start(stage);
        return engine.mapInput(stage, task);
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        start(stage);
        return engine.run(stage, tasks, task);
    }

    private void start(String stage) {
        before.accept(stage);
        stages.add(stage);
    }
}
