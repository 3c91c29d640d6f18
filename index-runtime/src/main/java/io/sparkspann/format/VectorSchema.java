package io.sparkspann.format;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.Quantization;

/**
 * What the vectors of an index are.
 *
 * @param dimensions components of a vector, 1 to {@value #MAX_DIMENSIONS}
 * @param maxSquaredNorm greatest squared norm of the vectors, which embeds them under inner product
 * @param quantization what components are codes of; null: they are the values themselves
 */
public record VectorSchema(
        Metric metric,
        ElementType elementType,
        IdType idType,
        int dimensions,
        float maxSquaredNorm,
        Quantization quantization) {
    /** Greatest number of components of a vector. */
    public static final int MAX_DIMENSIONS = 65_536;

    public VectorSchema {
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new InvalidInputException(
                    "Dimensions " + dimensions + " are not in 1 to " + MAX_DIMENSIONS);
        }
        if (!(maxSquaredNorm >= 0 && maxSquaredNorm < Float.POSITIVE_INFINITY)) {
            throw new InvalidInputException("Squared norm " + maxSquaredNorm + " is out of range");
        }
        metric.requireType(elementType);
        if (quantization != null) {
            requireCodes(metric, elementType, quantization);
        }
    }

    private static void requireCodes(Metric metric, ElementType type, Quantization quantization) {
        if (!type.isByte()) {
            throw new InvalidInputException(
                    "Codes are uint8 or int8, they cannot be " + type.label());
        }
        if (quantization.offset() != 0 && !metric.isShiftInvariant()) {
            throw new InvalidInputException(
                    "Codes have offset "
                            + quantization.offset()
                            + ", but "
                            + metric.label()
                            + " changes with an offset; it must be 0");
        }
    }

    /** Of vectors whose components are the values themselves. */
    public VectorSchema(
            Metric metric,
            ElementType elementType,
            IdType idType,
            int dimensions,
            float maxSquaredNorm) {
        this(metric, elementType, idType, dimensions, maxSquaredNorm, null);
    }

    /** The embedding that fits these vectors. */
    public VectorSpace space() {
        return new VectorSpace(metric, elementType, dimensions, maxSquaredNorm)
                .quantized(quantization);
    }
}
