package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorCheck;
import io.sparkspann.vector.VectorDomain;
import java.io.Serializable;
import java.util.Iterator;

/** The least and the greatest component of the usable vectors of a table. */
record ComponentRange(float least, float most) implements Serializable {
    private static final ComponentRange NONE =
            new ComponentRange(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

    /**
     * Reads the whole table.
     *
     * @throws InvalidInputException if it has no usable vector
     */
    static ComponentRange of(BuildEngine engine, VectorDomain domain) {
        ComponentRange range =
                engine.mapInput("0/7: range", (split, batches) -> ofSplit(batches, domain)).stream()
                        .reduce(NONE, ComponentRange::and);
        if (range.least > range.most) {
            throw new InvalidInputException("The table has no usable vectors to quantize");
        }
        return range;
    }

    private static ComponentRange ofSplit(Iterator<VectorBatch> batches, VectorDomain domain) {
        ComponentRange range = NONE;
        while (batches.hasNext()) {
            VectorBlock vectors = batches.next().vectors();
            float[] row = new float[vectors.dimensions()];
            for (int i = 0; i < vectors.size(); i++) {
                if (VectorCheck.problem(vectors, i, domain) == null) {
                    vectors.copyTo(i, row, 0);
                    range = range.and(of(row));
                }
            }
        }
        return range;
    }

    private static ComponentRange of(float[] row) {
        float least = row[0];
        float most = row[0];
        for (float x : row) {
            least = Math.min(least, x);
            most = Math.max(most, x);
        }
        return new ComponentRange(least, most);
    }

    private ComponentRange and(ComponentRange other) {
        return new ComponentRange(Math.min(least, other.least), Math.max(most, other.most));
    }
}
