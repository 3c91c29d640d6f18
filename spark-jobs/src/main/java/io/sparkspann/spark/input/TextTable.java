package io.sparkspann.spark.input;

import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.input.Ranges.Range;
import io.sparkspann.spark.input.TextRows.Lines;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.file.TsvLayout;
import io.sparkspann.vector.file.TsvRanges;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;

/**
 * A text file of vectors. Opening counts its lines, in parallel, so that each task knows its row
 * numbers.
 */
final class TextTable implements VectorTable {
    private final SparkSession spark;
    private final FileInput input;
    private final int dimensions;
    private final List<Lines> parts;
    private final long rows;

    private TextTable(
            SparkSession spark, FileInput input, int dimensions, List<Lines> parts, long rows) {
        this.spark = spark;
        this.input = input;
        this.dimensions = dimensions;
        this.parts = parts;
        this.rows = rows;
    }

    static TextTable open(SparkSession spark, FileInput input) {
        int dimensions;
        List<Range> ranges;
        try (ByteSource source = input.bytes()) {
            TsvLayout layout = TsvLayout.of(source);
            dimensions = layout.dimensions();
            int cores = spark.sparkContext().defaultParallelism();
            ranges = Ranges.of(layout.start(), source.length(), 1, cores);
        }
        List<Long> counts = counts(spark, input, ranges);
        List<Lines> parts = new ArrayList<>();
        long firstRow = 0;
        for (int i = 0; i < ranges.size(); i++) {
            parts.add(new Lines(ranges.get(i), firstRow, counts.get(i)));
            firstRow += counts.get(i);
        }
        return new TextTable(spark, input, dimensions, parts, firstRow);
    }

    /** Number of lines that start in each range. */
    private static List<Long> counts(SparkSession spark, FileInput input, List<Range> ranges) {
        try {
            return InputParts.of(spark, ranges).map(range -> count(input, range)).collect();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Spark throws its checked exceptions undeclared.
            throw SparkErrors.unwrap(e).orElseThrow(() -> new IllegalStateException(e));
        }
    }

    private static long count(FileInput input, Range range) {
        try (ByteSource source = input.bytes()) {
            return TsvRanges.countRows(source, TsvLayout.of(source), range.from(), range.to());
        }
    }

    @Override
    public ElementType elementType() {
        return ElementType.FLOAT32;
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
        int capacity = ColumnBatches.rowsPerBatch(ElementType.FLOAT32, dimensions);
        return InputParts.of(spark, parts)
                .flatMap(lines -> new FileBatches(shipped, new TextRows(shipped, lines), capacity));
    }
}
