package io.sparkspann.distance;

/** How far float32 arithmetic may be off. */
final class Rounding {
    /** Largest relative error of one rounded operation: half of an ulp of 1. */
    static final double UNIT = 0x1p-24;

    private Rounding() {}

    /**
     * Error of a tile score and of the limit that it is compared with.
     *
     * @param magnitude sum of the sizes of what goes into a score
     * @param limit the limit itself
     */
    static double slack(double magnitude, int dimensions, double limit) {
        // A bound, not an estimate: vectors with equal components do come near to d roundoffs. The
        // 8 are those of norm, term, key, scale and score.
        return magnitude * UNIT * (dimensions + 8) + Math.abs(limit) * 4 * UNIT + Float.MIN_NORMAL;
    }

    /**
     * Error of a squared Euclidean distance of embedded vectors that the tile kernel computed.
     *
     * @param squared the distance, as it was computed
     * @param magnitude squared norm of the query
     */
    static double embeddedSlack(double squared, double magnitude, int dimensions) {
        // A bound for the squared norm of the vector, by the triangle inequality.
        double far = Math.sqrt(magnitude) + Math.sqrt(squared);
        return (magnitude + far * far) * UNIT * (dimensions + 16);
    }
}
