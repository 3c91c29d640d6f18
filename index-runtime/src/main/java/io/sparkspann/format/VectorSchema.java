package io.sparkspann.format;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;

/**
 * What the vectors of an index are.
 *
 * @param dimensions components of a vector, 1 to {@value #MAX_DIMENSIONS}
 */
public record VectorSchema(Metric metric, ElementType elementType, IdType idType, int dimensions) {
    /** Greatest number of components of a vector. */
    public static final int MAX_DIMENSIONS = 65_536;

    public VectorSchema {
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new InvalidInputException(
                    "Dimensions " + dimensions + " are not in 1 to " + MAX_DIMENSIONS);
        }
    }
}
