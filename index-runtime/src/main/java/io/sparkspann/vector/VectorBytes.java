package io.sparkspann.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Vectors and ids as little-endian bytes, as files hold them. */
public final class VectorBytes {
    private VectorBytes() {}

    /** Bytes that {@code count} vectors take. */
    public static long length(ElementType type, int dimensions, long count) {
        return Math.multiplyExact(count, (long) dimensions * type.bytes());
    }

    /** Appends vectors of a block, in the given order, row-major. */
    public static void encode(VectorBlock block, int[] rows, int from, int to, ByteBuffer target) {
        for (int i = from; i < to; i++) {
            block.write(rows[i], rows[i] + 1, target);
        }
    }

    /** A block of {@code count} vectors that are at {@code offset} in {@code bytes}, row-major. */
    public static VectorBlock decode(
            ElementType type, int dimensions, byte[] bytes, int offset, int count) {
        int length = Math.multiplyExact(count, dimensions);
        if (type.isByte() && offset == 0 && length == bytes.length) {
            return VectorBlock.ofBytes(type, dimensions, bytes);
        }
        VectorBlock block = VectorBlock.allocate(type, dimensions, count);
        ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        block.read(source, offset, 0, 0, length);
        return block;
    }
}
