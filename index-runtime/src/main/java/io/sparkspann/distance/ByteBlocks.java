package io.sparkspann.distance;

import java.nio.ByteBuffer;

/** Vectors of bytes: a quarter of the memory of floats. */
public final class ByteBlocks extends NarrowBlocks {
    private final boolean unsigned;
    private byte[] components = new byte[0];

    /**
     * @param unsigned whether bytes stand for 0..255, else for -128..127
     */
    public ByteBlocks(int dimensions, boolean unsigned) {
        super(dimensions);
        this.unsigned = unsigned;
    }

    private ByteBlocks(VerticalBlocks vectors, boolean unsigned) {
        super(vectors);
        this.unsigned = unsigned;
        reserve(vectors.blockCount() * VerticalBlocks.LANES * vectors.dimensions());
        for (int i = 0; i < components.length; i++) {
            components[i] = (byte) (int) vectors.components()[i];
        }
    }

    /** Vectors whose components are integers in the range of a byte; bias and scale are shared. */
    public static ByteBlocks narrowed(VerticalBlocks vectors, boolean unsigned) {
        return new ByteBlocks(vectors, unsigned);
    }

    @Override
    void reserve(int length) {
        if (components.length < length) {
            components = new byte[length];
        }
    }

    public boolean unsigned() {
        return unsigned;
    }

    public byte[] components() {
        return components;
    }

    @Override
    int componentBytes() {
        return Byte.BYTES;
    }

    @Override
    int peek(int component) {
        return components[component];
    }

    @Override
    public void decode(ByteBuffer source, int offset, int count) {
        source.get(offset, components, 0, count);
    }

    @Override
    public void copyTo(int lane, float[] target) {
        int at = start(lane);
        int mask = unsigned ? 0xFF : -1;
        for (int j = 0; j < dimensions(); j++) {
            target[j] = components[at + j * VerticalBlocks.LANES] & mask;
        }
    }

    @Override
    void widenComponents(int from, float[] target, int count) {
        KernelProvider.kernels().widen(components, from, unsigned, target, 0, count);
    }

    @Override
    public void score(
            float[] query, int firstBlock, int blockCount, VerticalBlocks wide, float[] scores) {
        KernelProvider.kernels().scoreBytes(query, 0, this, firstBlock, blockCount, wide, scores);
    }
}
