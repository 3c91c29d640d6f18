package io.sparkspann.build;

import io.sparkspann.vector.Conversion;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorConversion;
import io.sparkspann.vector.VectorDomain;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Another engine, whose input is converted as it is read, in its own tasks. */
final class ConvertingEngine implements BuildEngine {
    private final BuildEngine engine;
    private final TableShape table;
    private final VectorConversion conversion;

    ConvertingEngine(BuildEngine engine, Conversion conversion, VectorDomain domain) {
        TableShape read = engine.table();
        this.engine = engine;
        this.table = read.withElementType(conversion.type());
        this.conversion =
                new VectorConversion(
                        conversion, domain, engine.skipsBadRows(), read.rowNumberIds());
    }

    /** The engine, with its input in the element type that is asked for, if it is of another. */
    static BuildEngine of(BuildEngine engine, BuildOptions options) {
        boolean same =
                options.elementType() == null
                        || options.elementType() == engine.table().elementType();
        return same
                ? engine
                : new ConvertingEngine(
                        engine, Conversion.to(options.elementType()), options.metric().domain());
    }

    @Override
    public TableShape table() {
        return table;
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
        VectorConversion shipped = conversion;
        return engine.mapInput(
                stage, (split, batches) -> task.run(split, new Converted(batches, shipped)));
    }

    @Override
    public <R extends Serializable> List<R> run(String stage, int tasks, IndexedTask<R> task) {
        return engine.run(stage, tasks, task);
    }

    private record Converted(Iterator<VectorBatch> batches, VectorConversion conversion)
            implements Iterator<VectorBatch> {
        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public VectorBatch next() {
            return conversion.apply(batches.next());
        }
    }
}
