package io.sparkspann.distance;

import java.util.Arrays;

/**
 * Vectors of bytes in the layout of {@link VerticalBlocks}, not widened: a quarter of the memory.
 * Byte {@code j} of block {@code b} and lane {@code l} is at {@code (b * dimensions + j) * 16 + l};
 * bias and scale are those of {@link VerticalBlocks}. A reusable buffer: it grows and never
 * shrinks. Not thread-safe while it is being filled.
 */
public final class ByteBlocks {
    private static final int CACHE_LINE = 64;

    private final int dimensions;
    private final boolean unsigned;
    private byte[] components;
    private float[] bias;
    private float[] scale;
    private int size;

    /**
     * @param unsigned whether bytes stand for 0..255, else for -128..127
     */
    public ByteBlocks(int dimensions, boolean unsigned) {
        this.dimensions = dimensions;
        this.unsigned = unsigned;
        this.components = new byte[0];
        this.bias = new float[0];
        this.scale = new float[0];
    }

    private ByteBlocks(VerticalBlocks vectors, boolean unsigned) {
        this.dimensions = vectors.dimensions();
        this.unsigned = unsigned;
        this.components =
                new byte[vectors.blockCount() * VerticalBlocks.LANES * vectors.dimensions()];
        this.bias = vectors.bias();
        this.scale = vectors.scale();
        this.size = vectors.size();
        for (int i = 0; i < components.length; i++) {
            components[i] = (byte) (int) vectors.components()[i];
        }
    }

    /** Vectors whose components are integers in the range of a byte; bias and scale are shared. */
    public static ByteBlocks narrowed(VerticalBlocks vectors, boolean unsigned) {
        return new ByteBlocks(vectors, unsigned);
    }

    /**
     * Makes room for {@code size} vectors. Lanes past the last vector score infinity whatever their
     * components are; all other lanes are to be filled.
     */
    public void resize(int size) {
        this.size = size;
        int lanes = VerticalBlocks.blocks(size) * VerticalBlocks.LANES;
        int needed = Math.multiplyExact(lanes, dimensions);
        if (components.length < needed) {
            components = new byte[needed];
        }
        if (bias.length < lanes) {
            bias = new float[lanes];
            scale = new float[lanes];
        }
        Arrays.fill(bias, size, lanes, Float.POSITIVE_INFINITY);
        Arrays.fill(scale, size, lanes, 0f);
    }

    public int dimensions() {
        return dimensions;
    }

    public boolean unsigned() {
        return unsigned;
    }

    /** Number of vectors. */
    public int size() {
        return size;
    }

    public int blockCount() {
        return VerticalBlocks.blocks(size);
    }

    public byte[] components() {
        return components;
    }

    public float[] bias() {
        return bias;
    }

    public float[] scale() {
        return scale;
    }

    /** Copies the vector in a lane, widened, to {@code target[0, dimensions)}. */
    public void copyTo(int lane, float[] target) {
        int at =
                lane / VerticalBlocks.LANES * dimensions * VerticalBlocks.LANES
                        + lane % VerticalBlocks.LANES;
        int mask = unsigned ? 0xFF : -1;
        for (int j = 0; j < dimensions; j++) {
            target[j] = components[at + j * VerticalBlocks.LANES] & mask;
        }
    }

    /** Copies some blocks, widened, to the first blocks of {@code target}. */
    public void widen(int firstBlock, int blockCount, VerticalBlocks target) {
        int lanes = blockCount * VerticalBlocks.LANES;
        int from = firstBlock * VerticalBlocks.LANES;
        target.resize(lanes);
        KernelProvider.kernels()
                .widen(
                        components,
                        from * dimensions,
                        unsigned,
                        target.components(),
                        0,
                        lanes * dimensions);
        System.arraycopy(bias, from, target.bias(), 0, lanes);
        System.arraycopy(scale, from, target.scale(), 0, lanes);
    }

    /**
     * Reads a byte of every cache line of some blocks, one right after the other, so that they come
     * from memory all at once: kernels that walk through several blocks in step wait for each.
     *
     * @return a number without meaning, for the compiler not to drop the reads
     */
    public int touch(int firstBlock, int blockCount) {
        byte[] bytes = components;
        int blockBytes = dimensions * VerticalBlocks.LANES;
        int end = (firstBlock + blockCount) * blockBytes;
        int sum = 0;
        for (int i = firstBlock * blockBytes; i < end; i += CACHE_LINE) {
            sum += bytes[i];
        }
        return sum;
    }
}
