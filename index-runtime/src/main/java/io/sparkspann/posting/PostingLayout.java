package io.sparkspann.posting;

import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.ElementType;

/**
 * How a posting of {@code n} records lies in its bytes, little-endian, one part after another:
 *
 * <ol>
 *   <li>the vectors in vertical blocks of 16 lanes, unused lanes of the last block 0;
 *   <li>{@code n} squared norms of the stored vectors, float32;
 *   <li>{@code n} distances to the head in embedded space, float32;
 *   <li>{@code n} ordinals, u32.
 * </ol>
 *
 * <p>Home records come first; within home records and within the others, records ascend by distance
 * to the head, then by ordinal.
 */
public record PostingLayout(ElementType type, int dimensions) {
    /** Bytes of the longest posting: one array. */
    static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    /** Bytes of the vectors. */
    public long vectorBytes(int count) {
        return (long) VerticalBlocks.blocks(count)
                * VerticalBlocks.LANES
                * dimensions
                * type.bytes();
    }

    /** Bytes of a posting. */
    public long bytes(int count) {
        return vectorBytes(count) + 12L * count;
    }

    /** Byte of component 0 of lane {@code lane}; the others are {@link #strideBytes} apart. */
    int firstByte(int lane) {
        int block = lane / VerticalBlocks.LANES * dimensions * VerticalBlocks.LANES;
        return (block + lane % VerticalBlocks.LANES) * type.bytes();
    }

    /** Bytes from one component of a lane to the next. */
    int strideBytes() {
        return VerticalBlocks.LANES * type.bytes();
    }
}
