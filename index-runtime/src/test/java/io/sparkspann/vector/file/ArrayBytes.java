package io.sparkspann.vector.file;

import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes in memory; tells whether it was closed. */
final class ArrayBytes implements ByteSource {
    private final byte[] bytes;
    private volatile boolean closed;

    ArrayBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    static ArrayBytes text(String text) {
        return new ArrayBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes, ints, floats, doubles and strings, one after another, little-endian. */
    static ArrayBytes of(Object... values) {
        return of(ByteOrder.LITTLE_ENDIAN, values);
    }

    static ArrayBytes of(ByteOrder order, Object... values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object value : values) {
            ByteBuffer one = ByteBuffer.allocate(8).order(order);
            if (value instanceof Byte v) {
                one.put(v);
            } else if (value instanceof Integer v) {
                one.putInt(v);
            } else if (value instanceof Float v) {
                one.putFloat(v);
            } else if (value instanceof Double v) {
                one.putDouble(v);
            } else {
                out.writeBytes(value.toString().getBytes(StandardCharsets.ISO_8859_1));
                continue;
            }
            out.write(one.array(), 0, one.position());
        }
        return new ArrayBytes(out.toByteArray());
    }

    /** The first {@code length} bytes, or as many zeros more. */
    ArrayBytes resized(int length) {
        return new ArrayBytes(Arrays.copyOf(bytes, length));
    }

    boolean closed() {
        return closed;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int length) {
        if (position < 0 || position + length > bytes.length) {
            throw new StorageException(
                    "memory: cannot read " + length + " bytes at " + position, new EOFException());
        }
        System.arraycopy(bytes, (int) position, target, offset, length);
    }

    @Override
    public void close() {
        closed = true;
    }
}
