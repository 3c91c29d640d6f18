package io.sparkspann.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Many vectors of one type and dimension in one primitive array, row-major: component {@code j} of
 * vector {@code i} is at {@code i * dimensions + j}.
 *
 * <p>The array is shared with the caller, not copied; treat it as frozen once it is in a block.
 * Thread-safe under that rule.
 */
public final class VectorBlock {
    private final ElementType type;
    private final int dimensions;
    private final int size;
    private final float[] floats;
    private final byte[] bytes;

    private VectorBlock(ElementType type, int dimensions, int size, float[] floats, byte[] bytes) {
        this.type = type;
        this.dimensions = dimensions;
        this.size = size;
        this.floats = floats;
        this.bytes = bytes;
    }

    /**
     * @param components {@code n × d}, row-major; its length must be a multiple of {@code
     *     dimensions}
     */
    public static VectorBlock ofFloats(int dimensions, float[] components) {
        return new VectorBlock(
                ElementType.FLOAT32,
                dimensions,
                rows(dimensions, components.length),
                components,
                null);
    }

    /**
     * @param type {@link ElementType#UINT8} or {@link ElementType#INT8}
     * @param components {@code n × d}, row-major; its length must be a multiple of {@code
     *     dimensions}
     */
    public static VectorBlock ofBytes(ElementType type, int dimensions, byte[] components) {
        if (!type.isByte()) {
            throw new IllegalArgumentException("ofBytes takes uint8 or int8, not " + type.label());
        }
        return new VectorBlock(
                type, dimensions, rows(dimensions, components.length), null, components);
    }

    /** A block of {@code size} zero vectors. */
    public static VectorBlock allocate(ElementType type, int dimensions, int size) {
        int length = Math.multiplyExact(dimensions, size);
        return type.isByte()
                ? ofBytes(type, dimensions, new byte[length])
                : ofFloats(dimensions, new float[length]);
    }

    /**
     * All vectors of some blocks of one type and dimension, one block after another; the block
     * itself if it is alone.
     */
    public static VectorBlock concat(List<VectorBlock> blocks) {
        VectorBlock first = blocks.get(0);
        if (blocks.size() == 1) {
            return first;
        }
        int size = blocks.stream().mapToInt(VectorBlock::size).reduce(0, Math::addExact);
        VectorBlock all = allocate(first.type, first.dimensions, size);
        Object to = all.components();
        int at = 0;
        for (VectorBlock block : blocks) {
            int length = block.size * block.dimensions;
            System.arraycopy(block.components(), 0, to, at, length);
            at += length;
        }
        return all;
    }

    private Object components() {
        return floats != null ? floats : bytes;
    }

    private static int rows(int dimensions, int length) {
        if (dimensions < 1 || length % dimensions != 0) {
            throw new IllegalArgumentException(
                    length
                            + " components are not a whole number of vectors of dimension "
                            + dimensions);
        }
        return length / dimensions;
    }

    public ElementType type() {
        return type;
    }

    public int dimensions() {
        return dimensions;
    }

    /** Number of vectors. */
    public int size() {
        return size;
    }

    /** The shared components of a float32 block. */
    public float[] floats() {
        return Objects.requireNonNull(floats, "not a float32 block");
    }

    /** The shared components of a uint8 or int8 block. */
    public byte[] bytes() {
        return Objects.requireNonNull(bytes, "not a byte block");
    }

    /** Copies vector {@code i} to {@code target[offset, offset + dimensions)}, widened to float. */
    public void copyTo(int i, float[] target, int offset) {
        int start = i * dimensions;
        if (floats != null) {
            System.arraycopy(floats, start, target, offset, dimensions);
        } else if (type == ElementType.UINT8) {
            for (int j = 0; j < dimensions; j++) {
                target[offset + j] = bytes[start + j] & 0xFF;
            }
        } else {
            for (int j = 0; j < dimensions; j++) {
                target[offset + j] = bytes[start + j];
            }
        }
    }

    /**
     * Copies vector {@code i} of this block over vector {@code j} of {@code target}, which has the
     * same type and dimension.
     */
    public void copyTo(int i, VectorBlock target, int j) {
        System.arraycopy(
                components(), i * dimensions, target.components(), j * dimensions, dimensions);
    }

    /** A new block with the given vectors of this one, in the given order. */
    public VectorBlock gather(int[] rows) {
        VectorBlock result = allocate(type, dimensions, rows.length);
        for (int i = 0; i < rows.length; i++) {
            copyTo(rows[i], result, i);
        }
        return result;
    }

    /** A new block with vectors {@code [from, to)}. */
    public VectorBlock slice(int from, int to) {
        return floats != null
                ? ofFloats(
                        dimensions, Arrays.copyOfRange(floats, from * dimensions, to * dimensions))
                : ofBytes(
                        type,
                        dimensions,
                        Arrays.copyOfRange(bytes, from * dimensions, to * dimensions));
    }
}
