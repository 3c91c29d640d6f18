package io.sparkspann.spark.input;

import io.sparkspann.spark.input.Ranges.Range;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFormat;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;

/**
 * A vector file whose rows can be read in any order; each task opens it and reads its own range of
 * rows.
 */
final class BinaryTable implements VectorTable {
    private final SparkSession spark;
    private final FileInput input;
    private final ElementType type;
    private final int dimensions;
    private final long rows;
    private final List<Range> ranges;

    private BinaryTable(SparkSession spark, FileInput input, VectorFile file, List<Range> ranges) {
        this.spark = spark;
        this.input = input;
        this.type = file.elementType();
        this.dimensions = file.dimensions();
        this.rows = file.size();
        this.ranges = ranges;
    }

    static BinaryTable open(SparkSession spark, FileInput input) {
        int cores = spark.sparkContext().defaultParallelism();
        try (VectorFile file = input.vectors()) {
            long rowBytes = (long) file.dimensions() * file.elementType().bytes();
            List<Range> ranges =
                    copiesWhole(input)
                            ? Ranges.ofCores(0, file.size(), cores)
                            : Ranges.of(0, file.size(), rowBytes, cores);
            return new BinaryTable(spark, input, file, ranges);
        }
    }

    /** A remote HDF5 file is copied by each task that opens it, so the fewer the better. */
    private static boolean copiesWhole(FileInput input) {
        if (input.format() != VectorFormat.HDF5) {
            return false;
        }
        try (var bytes = input.bytes()) {
            return !(bytes instanceof FileBytes);
        }
    }

    @Override
    public ElementType elementType() {
        return type;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public IdType idType() {
        return IdType.LONG;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public boolean skipsBadRows() {
        return input.skipsBadRows();
    }

    @Override
    public boolean hasRowNumberIds() {
        return true;
    }

    @Override
    public JavaRDD<VectorBatch> batches() {
        FileInput shipped = input;
        int capacity = ColumnBatches.rowsPerBatch(type, dimensions);
        return InputParts.of(spark, ranges)
                .flatMap(
                        range ->
                                new FileBatches(shipped, new BinaryRows(shipped, range), capacity));
    }
}
