package io.sparkspann.vector.file;

import static io.sparkspann.vector.file.VectorFiles.MAX_DIMENSIONS;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The TEXMEX formats fvecs, bvecs and ivecs: every row is an int32 dimension, then that many values. */
final class VecsLayout {
    private VecsLayout() {}

    static RowSource open(ByteSource source, Encoding encoding) {
        long length = source.length();
        if (length < Integer.BYTES) {
            throw new InvalidInputException(
                    String.format(
                            "%s: expected a 4-byte dimension at the start, the file has %d bytes",
                            source.name(), length));
        }
        byte[] head = new byte[Integer.BYTES];
        source.readFully(0, head, 0, head.length);
        int dimensions = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new InvalidInputException(
                    String.format(
                            "%s: row 0 has dimension %d, allowed are 1 to %d; %s",
                            source.name(),
                            dimensions,
                            MAX_DIMENSIONS,
                            advice(dimensions, length, encoding)));
        }
        long rowBytes = rowBytes(dimensions, encoding);
        long rows = length / rowBytes;
        if (length % rowBytes != 0) {
            throw new InvalidInputException(
                    String.format(
                            "%s: expected a whole number of rows of %d bytes (dimension %d, %s),"
                                    + " so %d or %d bytes, the file has %d; %s",
                            source.name(),
                            rowBytes,
                            dimensions,
                            encoding.label(),
                            rows * rowBytes,
                            (rows + 1) * rowBytes,
                            length,
                            advice(dimensions, length, encoding)));
        }
        return new StridedRows(
                source,
                new StridedRows.Layout(
                        0, true, dimensions, rows, encoding, ByteOrder.LITTLE_ENDIAN));
    }

    private static long rowBytes(int dimensions, Encoding encoding) {
        return Integer.BYTES + (long) dimensions * encoding.bytes();
    }

    private static String advice(int dimensions, long length, Encoding encoding) {
        int swapped = Integer.reverseBytes(dimensions);
        boolean fits = swapped >= 1 && swapped <= MAX_DIMENSIONS;
        if (fits && length % rowBytes(swapped, encoding) == 0) {
            return "it looks big-endian with dimension "
                    + swapped
                    + "; write it little-endian";
        }
        return "the file is truncated, has trailing bytes, or is of another format";
    }
}
