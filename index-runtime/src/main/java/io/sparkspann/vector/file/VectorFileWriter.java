package io.sparkspann.vector.file;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes fvecs, bvecs and ivecs files, a block of rows at a time. Not thread-safe. */
public final class VectorFileWriter implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final OutputStream out;
    private final String name;
    private final VectorFormat format;
    private int dimensions;

    /**
     * @param out where the bytes go; closed by {@link #close}
     * @param format {@link VectorFormat#FVECS}, {@link VectorFormat#BVECS} or {@link VectorFormat#IVECS}
     * @param name name of the file, for messages
     */
    public VectorFileWriter(OutputStream out, VectorFormat format, String name) {
        if (elementBytes(format) == 0) {
            throw new IllegalArgumentException("cannot write " + format.label());
        }
        this.out = out;
        this.format = format;
        this.name = name;
    }

    private static int elementBytes(VectorFormat format) {
        return switch (format) {
            case FVECS, IVECS -> Integer.BYTES;
            case BVECS -> Byte.BYTES;
            default -> 0;
        };
    }

    /**
     * Appends vectors: float32 to fvecs, uint8 to bvecs.
     *
     * @throws InvalidInputException if type or dimension are not those of the file
     * @throws StorageException if the bytes cannot be written
     */
    public void append(VectorBlock block) {
        boolean fits =
                format == VectorFormat.FVECS && block.type() == ElementType.FLOAT32
                        || format == VectorFormat.BVECS && block.type() == ElementType.UINT8;
        if (!fits) {
            throw new InvalidInputException(
                    String.format(
                            "%s: %s vectors cannot be written as %s",
                            name, block.type().label(), format.label()));
        }
        int d = block.dimensions();
        if (format == VectorFormat.FVECS) {
            write(
                    d,
                    block.size(),
                    (bytes, at, row) ->
                            bytes.position(at).asFloatBuffer().put(block.floats(), row * d, d));
        } else {
            write(d, block.size(), (bytes, at, row) -> bytes.put(at, block.bytes(), row * d, d));
        }
    }

    /**
     * Appends rows of integers to an ivecs file.
     *
     * @param columns integers of each row
     * @param values row after row
     * @throws InvalidInputException if {@code columns} is not that of the file
     * @throws StorageException if the bytes cannot be written
     */
    public void append(int columns, int[] values) {
        if (format != VectorFormat.IVECS) {
            throw new InvalidInputException(
                    name + ": integers cannot be written as " + format.label());
        }
        if (columns < 1 || values.length % columns != 0) {
            throw new InvalidInputException(
                    String.format(
                            "%s: %d integers are not a whole number of rows of %d",
                            name, values.length, columns));
        }
        write(
                columns,
                values.length / columns,
                (bytes, at, row) ->
                        bytes.position(at).asIntBuffer().put(values, row * columns, columns));
    }

    /** Puts one row into a buffer. */
    private interface RowEncoder {
        void put(ByteBuffer bytes, int at, int row);
    }

    private void write(int columns, int rows, RowEncoder encoder) {
        if (dimensions != 0 && dimensions != columns) {
            throw new InvalidInputException(
                    String.format(
                            "%s: cannot append rows of dimension %d, the file has %d",
                            name, columns, dimensions));
        }
        dimensions = columns;
        int rowBytes = Math.addExact(
                Integer.BYTES, Math.multiplyExact(columns, elementBytes(format)));
        int step = Math.min(rows, Math.max(1, BUFFER_BYTES / rowBytes));
        byte[] buffer = new byte[step * rowBytes];
        ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < rows; done += step) {
            int count = Math.min(step, rows - done);
            for (int i = 0; i < count; i++) {
                bytes.putInt(i * rowBytes, columns);
                encoder.put(bytes, i * rowBytes + Integer.BYTES, done + i);
            }
            put(buffer, count * rowBytes);
        }
    }

    private void put(byte[] buffer, int count) {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw new StorageException(name + ": cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new StorageException(name + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
