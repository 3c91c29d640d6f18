package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;

/** Vectors decoded from the rows of a binary file. */
final class RowVectorFile implements VectorFile {
    private final RowSource source;

    RowVectorFile(RowSource source) {
        this.source = source;
    }

    @Override
    public ElementType elementType() {
        return source.encoding().elementType();
    }

    @Override
    public int dimensions() {
        return source.dimensions();
    }

    @Override
    public long size() {
        return source.rows();
    }

    @Override
    public VectorBlock read(long firstRow, int rows) {
        RowRange.check(this, source.name(), firstRow, rows);
        int d = source.dimensions();
        VectorBlock block = VectorBlock.allocate(elementType(), d, rows);
        if (source.encoding().isKept()) {
            source.read(firstRow, rows, block::read);
        } else {
            readFloats(firstRow, rows, block.floats());
        }
        return block;
    }

    private void readFloats(long firstRow, int rows, float[] target) {
        Encoding encoding = source.encoding();
        int d = source.dimensions();
        source.read(
                firstRow,
                rows,
                (bytes, at, row, column, count) -> {
                    int bad = encoding.toFloats(bytes, at, target, row * d + column, count);
                    if (bad >= 0) {
                        throw unfit(bytes, at, firstRow + row, column, bad);
                    }
                });
    }

    private InvalidInputException unfit(ByteBuffer bytes, int at, long row, int column, int bad) {
        Encoding encoding = source.encoding();
        return new InvalidInputException(
                String.format(
                        "%s: row %d, component %d: %s value %s does not fit float32%s",
                        source.name(),
                        row,
                        column + bad,
                        encoding.label(),
                        encoding.text(bytes, at + bad * encoding.bytes()),
                        encoding.isInteger()
                                ? " exactly (limit 16777216); scale the vectors"
                                : "; scale the vectors"));
    }

    @Override
    public void close() {
        source.close();
    }
}
