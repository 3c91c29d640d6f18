package io.sparkspann.distance;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorDomain;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How near two vectors are, for a stored vector {@code a} and a query {@code b}.
 *
 * <p>Equal numbers are ordered by ascending id. A number is computed in double precision from the
 * stored components, then rounded to float32.
 */
public enum Metric {
    /** Euclidean distance {@code sqrt(sum (a_i - b_i)^2)}, 0 or more, smaller is nearer. */
    L2(1, "l2", VectorDomain.ANY),
    /**
     * Inner product {@code a·b}, a similarity: any value, greater is nearer. No triangle inequality
     * holds, so vectors are embedded where one does, see {@link VectorSpace}.
     */
    IP(2, "ip", VectorDomain.ANY),
    /**
     * Cosine distance {@code 1 - a·b / (|a| |b|)}, 0 to 2, smaller is nearer; a zero vector is an
     * error. Bounds are those of the chord between the directions, for which the triangle
     * inequality holds.
     */
    COSINE(3, "cosine", VectorDomain.NOT_ZERO),
    /** The square of {@link #L2}, 0 or more, smaller is nearer. */
    SQUARED_L2(4, "squared-l2", VectorDomain.ANY),
    /** Manhattan distance {@code sum |a_i - b_i|}, 0 or more, smaller is nearer. */
    L1(5, "l1", VectorDomain.ANY),
    /** {@link #COSINE} of vectors that are stored scaled to length 1. */
    NORMALIZED_COSINE(6, "normalized-cosine", VectorDomain.NOT_ZERO),
    /**
     * {@link #L2} of vectors scaled to length 1, when they are stored and when they are asked for:
     * 0 to 2, smaller is nearer; a zero vector is an error.
     */
    NORMALIZED_L2(7, "normalized-l2", VectorDomain.NOT_ZERO),
    /**
     * The angle {@code acos(a·b / (|a| |b|))} in radians, 0 to pi, smaller is nearer; a zero vector
     * is an error.
     */
    ANGLE(8, "angle", VectorDomain.NOT_ZERO),
    /** {@link #ANGLE} of vectors that are stored scaled to length 1. */
    NORMALIZED_ANGLE(9, "normalized-angle", VectorDomain.NOT_ZERO),
    /** Number of differing bits, smaller is nearer; for vectors of bits. */
    HAMMING(10, "hamming", VectorDomain.ANY),
    /**
     * {@code 1 - |a and b| / |a or b|} over sets of bits, 0 to 1, smaller is nearer; two empty sets
     * have distance 0. For vectors of bits.
     */
    JACCARD(11, "jaccard", VectorDomain.ANY),
    /**
     * {@code acosh(1 + 2 |a-b|^2 / ((1-|a|^2) (1-|b|^2)))}, the distance in the Poincaré ball, 0 or
     * more, smaller is nearer; a point that is not inside the unit ball is an error.
     */
    POINCARE(12, "poincare", VectorDomain.UNIT_BALL),
    /**
     * {@code acosh(max(1, a_0 b_0 - sum_(i>=1) a_i b_i))}, the distance on the hyperboloid, 0 or
     * more, smaller is nearer; a point off the upper sheet {@code a_0^2 - sum_(i>=1) a_i^2 = 1} is
     * an error.
     */
    LORENTZ(13, "lorentz", VectorDomain.HYPERBOLOID);

    private final int code;
    private final String label;
    private final VectorDomain domain;

    Metric(int code, String label, VectorDomain domain) {
        this.code = code;
        this.label = label;
        this.domain = domain;
    }

    /** Stable number of the metric in index files; never reused. */
    public int code() {
        return code;
    }

    /** Name in commands and manifests, such as {@code l2}. */
    public String label() {
        return label;
    }

    /** Whether a greater number is nearer. */
    public boolean isSimilarity() {
        return this == IP;
    }

    /** The vectors that have distances. */
    public VectorDomain domain() {
        return domain;
    }

    /** Whether vectors are stored scaled to length 1. */
    public boolean isNormalized() {
        return this == NORMALIZED_COSINE || this == NORMALIZED_L2 || this == NORMALIZED_ANGLE;
    }

    /** Whether distances stay the same when all vectors are shifted. */
    public boolean isShiftInvariant() {
        return this == L2 || this == SQUARED_L2 || this == L1;
    }

    /** Whether it compares vectors of bits, and only those. */
    public boolean isOfBits() {
        return this == HAMMING || this == JACCARD;
    }

    /** Whether it compares vectors of a type. Rounding to float16 leaves the hyperboloid. */
    public boolean accepts(ElementType type) {
        if (type == ElementType.BITS) {
            return isOfBits();
        }
        if (type == ElementType.FLOAT16 && domain == VectorDomain.HYPERBOLOID) {
            return false;
        }
        boolean whole = domain == VectorDomain.ANY || domain == VectorDomain.NOT_ZERO;
        return !isOfBits() && (!type.isByte() || whole && !isNormalized());
    }

    /**
     * @throws InvalidInputException if it does not compare vectors of this type
     */
    public void requireType(ElementType type) {
        if (!accepts(type)) {
            String types =
                    Arrays.stream(ElementType.values())
                            .filter(this::accepts)
                            .map(ElementType::label)
                            .collect(Collectors.joining(" or "));
            throw new InvalidInputException(
                    "Metric "
                            + label
                            + " compares vectors of "
                            + types
                            + ", but these are "
                            + type.label()
                            + "; use another metric, or convert the vectors (--element-type)");
        }
    }

    /**
     * @throws InvalidInputException if no metric has this label
     */
    public static Metric ofLabel(String label) {
        for (Metric metric : values()) {
            if (metric.label.equals(label)) {
                return metric;
            }
        }
        String known = Arrays.stream(values()).map(Metric::label).collect(Collectors.joining(", "));
        throw new InvalidInputException("Unknown metric '" + label + "'; use one of " + known);
    }
}
