package io.sparkspann.cluster;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.VectorBlock;

/** Embedded vectors by number: what clustering and heads compute with. */
public interface RowSource {
    /** Components of a row. */
    int dimensions();

    /** Copies row {@code number} to {@code target[offset, offset + dimensions)}. */
    void copy(int number, float[] target, int offset);

    /** The base vectors of a block, embedded one by one when asked for. */
    static RowSource of(VectorSpace space, VectorBlock block) {
        return new RowSource() {
            @Override
            public int dimensions() {
                return space.embeddedDimensions();
            }

            @Override
            public void copy(int number, float[] target, int offset) {
                space.embed(block, number, target, offset);
            }
        };
    }
}
