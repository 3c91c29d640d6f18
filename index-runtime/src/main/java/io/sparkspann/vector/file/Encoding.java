package io.sparkspann.vector.file;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Half;
import java.nio.ByteBuffer;

/**
 * How a file stores one component, and how it becomes an element of a block. The byte order is that
 * of the buffer.
 */
enum Encoding {
    FLOAT32("float32", Float.BYTES, ElementType.FLOAT32),
    FLOAT16("float16", Short.BYTES, ElementType.FLOAT16),
    FLOAT64("float64", Double.BYTES, ElementType.FLOAT32),
    UINT8("uint8", Byte.BYTES, ElementType.UINT8),
    INT8("int8", Byte.BYTES, ElementType.INT8),
    INT32("int32", Integer.BYTES, ElementType.FLOAT32),
    INT64("int64", Long.BYTES, ElementType.FLOAT32);

    /** Largest magnitude up to which every integer is a float32. */
    private static final long MAX_EXACT = 1L << 24;

    private final String label;
    private final int bytes;
    private final ElementType elementType;

    Encoding(String label, int bytes, ElementType elementType) {
        this.label = label;
        this.bytes = bytes;
        this.elementType = elementType;
    }

    String label() {
        return label;
    }

    int bytes() {
        return bytes;
    }

    /** Type of a vector's components in memory. */
    ElementType elementType() {
        return elementType;
    }

    boolean isInteger() {
        return this != FLOAT32 && this != FLOAT16 && this != FLOAT64;
    }

    /** Whether components are held in memory as they are in the file. */
    boolean isKept() {
        return label.equals(elementType.label());
    }

    /**
     * Converts {@code count} components that start at byte {@code at}, and are not {@linkplain
     * #isKept kept}.
     *
     * @return -1, or the first component that float32 cannot hold: an integer beyond 2^24, a finite
     *     double that would become infinite
     */
    int toFloats(ByteBuffer from, int at, float[] to, int toAt, int count) {
        switch (this) {
            case FLOAT64 -> {
                return narrow(from, at, to, toAt, count);
            }
            case INT32 -> {
                for (int j = 0; j < count; j++) {
                    int value = from.getInt(at + j * Integer.BYTES);
                    if (value > MAX_EXACT || value < -MAX_EXACT) {
                        return j;
                    }
                    to[toAt + j] = value;
                }
            }
            case INT64 -> {
                for (int j = 0; j < count; j++) {
                    long value = from.getLong(at + j * Long.BYTES);
                    if (value > MAX_EXACT || value < -MAX_EXACT) {
                        return j;
                    }
                    to[toAt + j] = value;
                }
            }
            case FLOAT32, FLOAT16, UINT8, INT8 ->
                    throw new IllegalStateException(label + " is kept as it is");
        }
        return -1;
    }

    private static int narrow(ByteBuffer from, int at, float[] to, int toAt, int count) {
        for (int j = 0; j < count; j++) {
            double wide = from.getDouble(at + j * Double.BYTES);
            float value = (float) wide;
            if (Float.isInfinite(value) && !Double.isInfinite(wide)) {
                return j;
            }
            to[toAt + j] = value;
        }
        return -1;
    }

    /** As {@link #toFloats}, to int32; the result is the first component that int32 cannot hold. */
    int toInts(ByteBuffer from, int at, int[] to, int toAt, int count) {
        for (int j = 0; j < count; j++) {
            long value = integer(from, at + j * bytes);
            if (value != (int) value) {
                return j;
            }
            to[toAt + j] = (int) value;
        }
        return -1;
    }

    private long integer(ByteBuffer from, int at) {
        return switch (this) {
            case UINT8 -> from.get(at) & 0xFF;
            case INT8 -> from.get(at);
            case INT32 -> from.getInt(at);
            case INT64 -> from.getLong(at);
            case FLOAT32, FLOAT16, FLOAT64 ->
                    throw new IllegalStateException(label + " is no integer");
        };
    }

    /** The component at byte {@code at} as text, for messages. */
    String text(ByteBuffer from, int at) {
        return switch (this) {
            case FLOAT32 -> Float.toString(from.getFloat(at));
            case FLOAT16 -> Float.toString(Half.toFloat(from.getShort(at)));
            case FLOAT64 -> Double.toString(from.getDouble(at));
            case UINT8, INT8, INT32, INT64 -> Long.toString(integer(from, at));
        };
    }
}
