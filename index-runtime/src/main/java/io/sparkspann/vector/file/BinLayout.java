package io.sparkspann.vector.file;

import static io.sparkspann.vector.file.VectorFiles.MAX_DIMENSIONS;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The big-ann-benchmarks formats fbin, u8bin and i8bin, and f16bin of cuVS Bench: uint32 row count,
 * uint32 dimension, then the rows.
 */
final class BinLayout {
    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    private BinLayout() {}

    static RowSource open(ByteSource source, Encoding encoding) {
        long length = source.length();
        if (length < HEADER_BYTES) {
            throw new InvalidInputException(
                    String.format(
                            "%s: expected 8 header bytes (rows, dimension), the file has %d",
                            source.name(), length));
        }
        byte[] head = new byte[HEADER_BYTES];
        source.readFully(0, head, 0, head.length);
        ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        long rows = Integer.toUnsignedLong(header.getInt());
        long dimensions = Integer.toUnsignedLong(header.getInt());
        if (rows < 1 || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new InvalidInputException(
                    String.format(
                            "%s: the header says %d rows of dimension %d, allowed are at least"
                                    + " 1 row and dimension 1 to %d; the file is of another format",
                            source.name(), rows, dimensions, MAX_DIMENSIONS));
        }
        // Below 2^32 * 2^20 * 8: no overflow.
        long expected = HEADER_BYTES + rows * dimensions * encoding.bytes();
        if (expected != length) {
            throw new InvalidInputException(
                    String.format(
                            "%s: expected %d bytes for %d rows of dimension %d (%s),"
                                    + " the file has %d; it is truncated, has trailing bytes,"
                                    + " or is of another format",
                            source.name(), expected, rows, dimensions, encoding.label(), length));
        }
        return new StridedRows(
                source,
                new StridedRows.Layout(
                        HEADER_BYTES,
                        false,
                        (int) dimensions,
                        rows,
                        encoding,
                        ByteOrder.LITTLE_ENDIAN));
    }
}
