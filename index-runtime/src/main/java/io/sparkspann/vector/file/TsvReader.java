package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.VectorBlock;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Vectors of consecutive lines of a text file, in blocks; made by {@link TsvRanges}. Not thread-safe. */
public final class TsvReader {
    private static final int FIRST_COMPONENTS = 1 << 16;

    private final ByteSource source;
    private final TsvLayout layout;
    private final TsvRows rows;
    private final TsvCells cells;
    private long row;

    TsvReader(ByteSource source, TsvLayout layout, TsvRows rows, long firstRow) {
        this.source = source;
        this.layout = layout;
        this.rows = rows;
        this.cells = new TsvCells(layout.separator());
        this.row = firstRow;
    }

    /** Number of the row that comes next. */
    public long row() {
        return row;
    }

    /**
     * The next rows, at most {@code maxRows}; null at the end of the range. Memory grows with the rows that exist, not with
     * {@code maxRows}.
     *
     * @throws InvalidInputException that names line, column and value of a cell that is no finite float32, or the line
     *     with a wrong number of columns
     */
    public VectorBlock next(int maxRows) {
        int d = layout.dimensions();
        int most = Math.min(maxRows, (Integer.MAX_VALUE - 8) / d);
        float[] components = new float[Math.min(most, Math.max(1, FIRST_COMPONENTS / d)) * d];
        int count = 0;
        while (count < most && rows.next()) {
            if ((count + 1) * d > components.length) {
                components = Arrays.copyOf(components, (int) Math.min(most, count * 2L) * d);
            }
            parse(components, count * d);
            count++;
            row++;
        }
        if (count == 0) {
            return null;
        }
        return VectorBlock.ofFloats(
                d,
                components.length == count * d ? components : Arrays.copyOf(components, count * d));
    }

    private void parse(float[] target, int offset) {
        TsvLines line = rows.line();
        byte[] buffer = line.buffer();
        cells.reset(buffer, line.start(), line.end());
        int column = 0;
        for (; cells.next(); column++) {
            if (column >= layout.dimensions()) {
                continue;
            }
            float value = DecimalText.parse(buffer, cells.start(), cells.stop());
            if (!Float.isFinite(value)) {
                throw badCell(column, value);
            }
            target[offset + column] = value;
        }
        if (column != layout.dimensions()) {
            throw bad(
                    String.format(
                            "has %d columns, line 1 has %d; every line must have the same number",
                            column, layout.dimensions()));
        }
    }

    private InvalidInputException badCell(int column, float value) {
        int length = Math.min(cells.stop() - cells.start(), 100);
        String text =
                new String(rows.line().buffer(), cells.start(), length, StandardCharsets.UTF_8);
        return bad(
                String.format(
                        "column %d: '%s' %s",
                        column + 1,
                        Excerpt.of(text),
                        Float.isInfinite(value)
                                ? "does not fit float32"
                                : "is not a finite decimal number"));
    }

    private InvalidInputException bad(String problem) {
        return new InvalidInputException(
                String.format("%s: line %d %s", source.name(), row + 1, problem));
    }
}
