package io.sparkspann.distance;

import io.sparkspann.vector.Half;
import java.nio.ByteBuffer;

/** Vectors of finite halfs, see {@link Half}: half the memory of floats. */
public final class HalfBlocks extends NarrowBlocks {
    private short[] components = new short[0];

    public HalfBlocks(int dimensions) {
        super(dimensions);
    }

    @Override
    void reserve(int length) {
        if (components.length < length) {
            components = new short[length];
        }
    }

    public short[] components() {
        return components;
    }

    @Override
    int componentBytes() {
        return Short.BYTES;
    }

    @Override
    int peek(int component) {
        return components[component];
    }

    @Override
    public void decode(ByteBuffer source, int offset, int count) {
        source.position(offset).asShortBuffer().get(components, 0, count);
    }

    @Override
    public void copyTo(int lane, float[] target) {
        int at = start(lane);
        for (int j = 0; j < dimensions(); j++) {
            target[j] = Half.finiteToFloat(components[at + j * VerticalBlocks.LANES]);
        }
    }

    @Override
    void widenComponents(int from, float[] target, int count) {
        KernelProvider.kernels().widen(components, from, target, 0, count);
    }

    @Override
    public void score(
            float[] query, int firstBlock, int blockCount, VerticalBlocks wide, float[] scores) {
        KernelProvider.kernels().scoreHalfs(query, 0, this, firstBlock, blockCount, wide, scores);
    }
}
