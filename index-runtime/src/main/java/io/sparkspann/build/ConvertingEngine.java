package io.sparkspann.build;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.Conversion;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Quantization;
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

    ConvertingEngine(
            BuildEngine engine, Conversion conversion, VectorDomain domain, Quantization codes) {
        TableShape read = engine.table();
        this.engine = engine;
        this.table =
                read.withVectors(
                        conversion.type(), conversion.dimensions(read.dimensions()), codes);
        this.conversion =
                new VectorConversion(
                        conversion, domain, engine.skipsBadRows(), read.rowNumberIds());
    }

    /**
     * The engine, with its input as it is to be stored: of the element type that is asked for, or
     * scaled to length 1.
     */
    static BuildEngine of(BuildEngine engine, BuildOptions options) {
        ElementType read = engine.table().elementType();
        if (options.quantizer() == Quantizer.SQ8) {
            return quantizing(engine, options);
        }
        ElementType type = options.elementType() == null ? read : options.elementType();
        options.metric().requireType(type);
        if (type == ElementType.BITS && !read.isByte()) {
            throw new InvalidInputException(
                    "The vectors are of "
                            + read.label()
                            + ", but bits are read from uint8 or int8, 8 of each byte");
        }
        if (options.metric().isNormalized()) {
            return new ConvertingEngine(
                    engine, Conversion.normalized(type), options.metric().domain(), null);
        }
        return type == read
                ? engine
                : new ConvertingEngine(
                        engine, Conversion.to(type), options.metric().domain(), null);
    }

    /** Reads the table once for the range of its components. */
    private static BuildEngine quantizing(BuildEngine engine, BuildOptions options) {
        Metric metric = options.metric();
        ElementType read = engine.table().elementType();
        boolean scales = metric.accepts(ElementType.UINT8) && !metric.isNormalized();
        if (!scales || read != ElementType.FLOAT32 && read != ElementType.FLOAT16) {
            throw new InvalidInputException(
                    "Quantizer sq8 makes codes of float32 or float16 for metrics that accept uint8,"
                            + " but the vectors are of "
                            + read.label()
                            + " and the metric is "
                            + metric.label());
        }
        if (options.elementType() != null) {
            throw new InvalidInputException(
                    "Quantizer sq8 chooses the element type itself; leave --element-type out");
        }
        ComponentRange range = ComponentRange.of(engine, metric.domain());
        boolean mayShift = metric.isShiftInvariant();
        Quantization codes = Quantization.of(range.least(), range.most(), mayShift);
        ElementType type = Quantization.type(range.least(), mayShift);
        return new ConvertingEngine(
                engine, Conversion.quantized(type, codes), metric.domain(), codes);
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
