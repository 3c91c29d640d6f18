package io.sparkspann.vector;

import java.nio.ByteBuffer;
import java.util.List;

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
    private final Components components;

    private VectorBlock(ElementType type, int dimensions, int size, Components components) {
        this.type = type;
        this.dimensions = dimensions;
        this.size = size;
        this.components = components;
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
                new FloatComponents(components));
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
                type,
                dimensions,
                rows(dimensions, components.length),
                new ByteComponents(components, type));
    }

    /**
     * A block of {@link ElementType#FLOAT16}.
     *
     * @param components {@code n × d}, row-major, see {@link Half}; its length must be a multiple
     *     of {@code dimensions}
     */
    public static VectorBlock ofHalfs(int dimensions, short[] components) {
        return new VectorBlock(
                ElementType.FLOAT16,
                dimensions,
                rows(dimensions, components.length),
                new HalfComponents(components));
    }

    /**
     * A block of {@link ElementType#BITS}.
     *
     * @param dimensions components of a vector, 32 bits each
     * @param words {@code n × d} components as raw bits of floats, row-major
     */
    public static VectorBlock ofBits(int dimensions, float[] words) {
        return new VectorBlock(
                ElementType.BITS,
                dimensions,
                rows(dimensions, words.length),
                new BitComponents(new FloatComponents(words)));
    }

    /** A block of {@code size} zero vectors. */
    public static VectorBlock allocate(ElementType type, int dimensions, int size) {
        int length = Math.multiplyExact(dimensions, size);
        int rows = rows(dimensions, length);
        return new VectorBlock(type, dimensions, rows, Components.allocate(type, length));
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
        int at = 0;
        for (VectorBlock block : blocks) {
            block.copyAllTo(all, at);
            at += block.size;
        }
        return all;
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

    /** The shared components of a block of float32, or of bits. */
    public float[] floats() {
        return array(float[].class, "float32");
    }

    /** The shared components of a uint8 or int8 block. */
    public byte[] bytes() {
        return array(byte[].class, "byte");
    }

    /** The shared components of a float16 block. */
    public short[] halfs() {
        return array(short[].class, "float16");
    }

    private <A> A array(Class<A> kind, String name) {
        if (!kind.isInstance(components.array())) {
            throw new IllegalStateException("a " + type.label() + " block, not a " + name + " one");
        }
        return kind.cast(components.array());
    }

    /** Copies vector {@code i} to {@code target[offset, offset + dimensions)}, widened to float. */
    public void copyTo(int i, float[] target, int offset) {
        components.widen(i * dimensions, target, offset, dimensions);
    }

    /**
     * Copies vector {@code i} of this block over vector {@code j} of {@code target}, which has the
     * same type and dimension.
     */
    public void copyTo(int i, VectorBlock target, int j) {
        copyRows(i, 1, target, j);
    }

    /** Copies all vectors over those of {@code target} from {@code j} on, as the other one. */
    public void copyAllTo(VectorBlock target, int j) {
        copyRows(0, size, target, j);
    }

    private void copyRows(int i, int count, VectorBlock target, int j) {
        System.arraycopy(
                components.array(),
                i * dimensions,
                target.components.array(),
                j * dimensions,
                count * dimensions);
    }

    /**
     * Sets vector {@code i} to {@code row[0, dimensions)}, rounded to the nearest even float where
     * the type is one.
     *
     * @return -1, or the first component that the type cannot hold: no integer, or out of its range
     */
    public int set(int i, float[] row) {
        for (int j = 0; j < dimensions; j++) {
            if (!components.set(i * dimensions + j, row[j])) {
                return j;
            }
        }
        return -1;
    }

    /** The stored bits of component {@code j} of vector {@code i}, sign-extended. */
    public int bits(int i, int j) {
        return components.bits(i * dimensions + j);
    }

    /** Sum of the squares of vector {@code i}: in double precision, or exact for integers. */
    public double squaredNorm(int i) {
        return components.squaredNorm(i * dimensions, (i + 1) * dimensions);
    }

    /** Whether all components of vector {@code i} are zero. */
    public boolean isZero(int i) {
        for (int j = 0; j < dimensions; j++) {
            if (!components.isZero(i * dimensions + j)) {
                return false;
            }
        }
        return true;
    }

    /** Component of vector {@code i} that is the first to be NaN or infinite, or -1. */
    int firstNotFinite(int i) {
        int from = i * dimensions;
        int at = components.firstNotFinite(from, from + dimensions);
        return at < 0 ? -1 : at - from;
    }

    /** Appends vectors {@code [from, to)} to a buffer, row-major, in its byte order. */
    public void write(int from, int to, ByteBuffer target) {
        components.put(from * dimensions, (to - from) * dimensions, target);
    }

    /**
     * Reads components of vector {@code i} from byte {@code at} of a buffer, in its byte order.
     *
     * @param column the first of them
     */
    public void read(ByteBuffer source, int at, int i, int column, int count) {
        components.get(source, at, i * dimensions + column, count);
    }

    /** Writes vector {@code i}, its components {@code stride} bytes apart from byte {@code at}. */
    public void scatter(int i, ByteBuffer target, int at, int stride) {
        components.scatter(i * dimensions, dimensions, target, at, stride);
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
        return new VectorBlock(
                type, dimensions, to - from, components.copyOf(from * dimensions, to * dimensions));
    }
}
