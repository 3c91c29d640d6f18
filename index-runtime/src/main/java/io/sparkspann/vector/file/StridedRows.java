package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Rows at equal distances in a byte source, each perhaps with its dimension in front. Reads pieces of a few MiB. */
final class StridedRows implements RowSource {
    private static final int BUFFER_BYTES = 4 << 20;

    /**
     * Where the rows are.
     *
     * @param start byte offset of row 0
     * @param prefixed whether each row starts with its dimension as an int32
     * @param dimensions components of a row, at most {@link VectorFiles#MAX_DIMENSIONS}
     * @param rows number of rows; all of them lie within the source
     */
    record Layout(
            long start,
            boolean prefixed,
            int dimensions,
            long rows,
            Encoding encoding,
            ByteOrder order) {
        int prefixBytes() {
            return prefixed ? Integer.BYTES : 0;
        }

        int rowBytes() {
            return prefixBytes() + dimensions * encoding.bytes();
        }
    }

    private final ByteSource source;
    private final Layout layout;

    StridedRows(ByteSource source, Layout layout) {
        this.source = source;
        this.layout = layout;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public Encoding encoding() {
        return layout.encoding();
    }

    @Override
    public int dimensions() {
        return layout.dimensions();
    }

    @Override
    public long rows() {
        return layout.rows();
    }

    @Override
    public void read(long firstRow, int rows, Sink sink) {
        int rowBytes = layout.rowBytes();
        int prefix = layout.prefixBytes();
        int step = Math.min(rows, Math.max(1, BUFFER_BYTES / rowBytes));
        byte[] array = new byte[step * rowBytes];
        ByteBuffer bytes = ByteBuffer.wrap(array).order(layout.order());
        for (int done = 0; done < rows; done += step) {
            int count = Math.min(step, rows - done);
            long position = layout.start() + (firstRow + done) * rowBytes;
            source.readFully(position, array, 0, count * rowBytes);
            for (int i = 0; i < count; i++) {
                int at = i * rowBytes;
                if (prefix > 0 && bytes.getInt(at) != layout.dimensions()) {
                    throw changed(firstRow + done + i, bytes.getInt(at), position + at);
                }
                sink.accept(bytes, at + prefix, done + i, 0, layout.dimensions());
            }
        }
    }

    private InvalidInputException changed(long row, int found, long position) {
        return new InvalidInputException(
                String.format(
                        "%s: row %d at byte %d has dimension %d, row 0 has %d;"
                                + " all rows must have the same dimension",
                        source.name(), row, position, found, layout.dimensions()));
    }

    @Override
    public void close() {
        source.close();
    }
}
