package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.VectorBlock;

/** Embedded vectors by number: what clustering and heads compute with. */
public interface RowSource {
    /** What the rows are compared by. */
    Geometry geometry();

    /** Components of a row. */
    default int dimensions() {
        return geometry().dimensions();
    }

    /** Copies row {@code number} to {@code target[offset, offset + dimensions)}. */
    void copy(int number, float[] target, int offset);

    /** The base vectors of a block, embedded one by one when asked for. */
    static RowSource of(VectorSpace space, VectorBlock block) {
        return new RowSource() {
            @Override
            public Geometry geometry() {
                return space.geometry();
            }

            @Override
            public void copy(int number, float[] target, int offset) {
                space.embed(block, number, target, offset);
            }
        };
    }
}
