package io.sparkspann.cluster;

import io.sparkspann.distance.ByteBlocks;
import io.sparkspann.distance.VerticalBlocks;

/**
 * A run of packed vectors that starts at a block of its own.
 *
 * @param floats where they are, or null
 * @param bytes where they are otherwise
 * @param firstBlock block of the first one
 * @param size how many
 * @param firstNumber number of the first one; the others follow
 */
record Run(VerticalBlocks floats, ByteBlocks bytes, int firstBlock, int size, int firstNumber) {
    static Run of(VerticalBlocks floats, int firstBlock, int size, int firstNumber) {
        return new Run(floats, null, firstBlock, size, firstNumber);
    }

    int blocks() {
        return VerticalBlocks.blocks(size);
    }
}
