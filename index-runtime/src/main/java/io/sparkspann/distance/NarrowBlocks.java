package io.sparkspann.distance;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Vectors in the layout of {@link VerticalBlocks}, with components of fewer bits that are widened
 * as they are scored: component {@code j} of block {@code b} and lane {@code l} is at {@code (b *
 * dimensions + j) * 16 + l}; bias and scale are those of {@link VerticalBlocks}. A reusable buffer:
 * it grows and never shrinks. Not thread-safe while it is being filled.
 */
public abstract class NarrowBlocks {
    private static final int CACHE_LINE = 64;

    private final int dimensions;
    private float[] bias = new float[0];
    private float[] scale = new float[0];
    private int size;

    NarrowBlocks(int dimensions) {
        this.dimensions = dimensions;
    }

    /** As many vectors as others have, whose bias and scale are shared. */
    NarrowBlocks(VerticalBlocks vectors) {
        this.dimensions = vectors.dimensions();
        this.bias = vectors.bias();
        this.scale = vectors.scale();
        this.size = vectors.size();
    }

    /**
     * Makes room for {@code size} vectors. Lanes past the last vector score infinity whatever their
     * components are, if finite; all other lanes are to be filled.
     */
    public final void resize(int size) {
        this.size = size;
        int lanes = VerticalBlocks.blocks(size) * VerticalBlocks.LANES;
        reserve(Math.multiplyExact(lanes, dimensions));
        if (bias.length < lanes) {
            bias = new float[lanes];
            scale = new float[lanes];
        }
        Arrays.fill(bias, size, lanes, Float.POSITIVE_INFINITY);
        Arrays.fill(scale, size, lanes, 0f);
    }

    /** Makes room for so many components. */
    abstract void reserve(int length);

    /** Number of bytes of a component. */
    abstract int componentBytes();

    /** Part of a component, for the compiler not to drop a read. */
    abstract int peek(int component);

    abstract void widenComponents(int from, float[] target, int count);

    /**
     * Copies the first components from little-endian bytes.
     *
     * @param source where they are from byte {@code offset} on, little-endian
     */
    public abstract void decode(ByteBuffer source, int offset, int count);

    /** Copies the vector in a lane, widened, to {@code target[0, dimensions)}. */
    public abstract void copyTo(int lane, float[] target);

    /** Scores one query against some blocks, see {@link Kernels#scoreBytes}. */
    public abstract void score(
            float[] query, int firstBlock, int blockCount, VerticalBlocks wide, float[] scores);

    /** Index of component 0 of a lane; the others are 16 apart. */
    final int start(int lane) {
        return lane / VerticalBlocks.LANES * dimensions * VerticalBlocks.LANES
                + lane % VerticalBlocks.LANES;
    }

    public final int dimensions() {
        return dimensions;
    }

    /** Number of vectors. */
    public final int size() {
        return size;
    }

    public final int blockCount() {
        return VerticalBlocks.blocks(size);
    }

    public final float[] bias() {
        return bias;
    }

    public final float[] scale() {
        return scale;
    }

    /** Copies some blocks, widened, to the first blocks of {@code target}. */
    public final void widen(int firstBlock, int blockCount, VerticalBlocks target) {
        int lanes = blockCount * VerticalBlocks.LANES;
        int from = firstBlock * VerticalBlocks.LANES;
        target.resize(lanes);
        widenComponents(from * dimensions, target.components(), lanes * dimensions);
        System.arraycopy(bias, from, target.bias(), 0, lanes);
        System.arraycopy(scale, from, target.scale(), 0, lanes);
    }

    /**
     * Reads a part of every cache line of some blocks, one right after the other, so that they come
     * from memory all at once: kernels that walk through several blocks in step wait for each.
     *
     * @return a number without meaning, for the compiler not to drop the reads
     */
    public final int touch(int firstBlock, int blockCount) {
        int blockLength = dimensions * VerticalBlocks.LANES;
        int end = (firstBlock + blockCount) * blockLength;
        int step = CACHE_LINE / componentBytes();
        int sum = 0;
        for (int i = firstBlock * blockLength; i < end; i += step) {
            sum += peek(i);
        }
        return sum;
    }

    /** Reads the beginning of each part, see {@link #touch(int, int)}. */
    public final int touch() {
        return (int) (bias[0] + scale[0]) + peek(0);
    }
}
