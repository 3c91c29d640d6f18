package io.sparkspann.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Vectors and ids as little-endian bytes, as files hold them. */
public final class VectorBytes {
    private VectorBytes() {}

    /** Bytes that {@code count} vectors take. */
    public static long length(ElementType type, int dimensions, long count) {
        return Math.multiplyExact(count, (long) dimensions * type.bytes());
    }

    /** Appends vectors of a block, in the given order, row-major. */
    public static void encode(VectorBlock block, int[] rows, int from, int to, ByteBuffer target) {
        int d = block.dimensions();
        for (int i = from; i < to; i++) {
            if (block.type().isByte()) {
                target.put(block.bytes(), rows[i] * d, d);
            } else {
                target.asFloatBuffer().put(block.floats(), rows[i] * d, d);
                target.position(target.position() + d * Float.BYTES);
            }
        }
    }

    /** A block of {@code count} vectors that are at {@code offset} in {@code bytes}, row-major. */
    public static VectorBlock decode(
            ElementType type, int dimensions, byte[] bytes, int offset, int count) {
        int length = Math.multiplyExact(count, dimensions);
        if (type.isByte()) {
            byte[] components =
                    offset == 0 && length == bytes.length
                            ? bytes
                            : Arrays.copyOfRange(bytes, offset, offset + length);
            return VectorBlock.ofBytes(type, dimensions, components);
        }
        float[] components = new float[length];
        ByteBuffer.wrap(bytes, offset, length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(components);
        return VectorBlock.ofFloats(dimensions, components);
    }
}
