package io.sparkspann.cluster;

import io.sparkspann.distance.VerticalBlocks;

/**
 * A run of packed vectors that starts at a block of its own.
 *
 * @param packed where they are
 * @param firstBlock block of the first one
 * @param size how many
 * @param firstNumber number of the first one; the others follow
 */
record Run(VerticalBlocks packed, int firstBlock, int size, int firstNumber) {
    int blocks() {
        return VerticalBlocks.blocks(size);
    }
}
