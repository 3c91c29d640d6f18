package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.input.Ranges.Range;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.TsvLayout;
import io.sparkspann.vector.file.TsvRanges;
import io.sparkspann.vector.file.TsvReader;
import java.io.Serializable;

/** Rows of a text file that start in a range of its bytes. */
final class TextRows implements FileRows {
    private final ByteSource source;
    private final TsvLayout layout;
    private final TsvReader reader;
    private final boolean skipBad;
    private final long end;
    private long row;

    /**
     * The lines that start at some of {@code bytes}: {@code rows} of them, the first of which is
     * row {@code firstRow}.
     */
    record Lines(Range bytes, long firstRow, long rows) implements Serializable {}

    TextRows(FileInput input, Lines lines) {
        this.source = input.bytes();
        this.layout = TsvLayout.of(source);
        Range bytes = lines.bytes();
        this.reader = TsvRanges.read(source, layout, bytes.from(), bytes.to(), lines.firstRow());
        this.skipBad = input.skipsBadRows();
        this.row = lines.firstRow();
        this.end = lines.firstRow() + lines.rows();
    }

    @Override
    public Rows next(int maxRows) {
        if (row >= end) {
            return null;
        }
        long first = row;
        if (skipBad) {
            return oneByOne(first, (int) Math.min(maxRows, end - first));
        }
        VectorBlock block = reader.next(maxRows);
        if (block == null) {
            throw changed();
        }
        row += block.size();
        return Rows.dense(block, first);
    }

    private Rows oneByOne(long first, int count) {
        VectorBlock block = VectorBlock.allocate(ElementType.FLOAT32, layout.dimensions(), count);
        long[] numbers = new long[count];
        int size = 0;
        for (; row < first + count; row++) {
            VectorBlock line;
            try {
                line = reader.next(1);
            } catch (InvalidInputException e) {
                // The reader has gone past the line; it is counted as the difference of end - first
                // and the size.
                continue;
            }
            if (line == null) {
                throw changed();
            }
            line.copyTo(0, block, size);
            numbers[size++] = row;
        }
        return Rows.partial(block, numbers, size, first, row);
    }

    private InvalidInputException changed() {
        return new InvalidInputException(
                source.name()
                        + ": ends before row "
                        + row
                        + "; it changed while it was read, run the job again");
    }

    @Override
    public void close() {
        source.close();
    }
}
