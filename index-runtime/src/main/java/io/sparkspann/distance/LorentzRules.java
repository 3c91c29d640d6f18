package io.sparkspann.distance;

import io.sparkspann.vector.VectorDomain;

/**
 * lorentz: embedded as it is. A query whose components but the first are negated has the product
 * {@code cosh(d)} with a stored vector.
 */
final class LorentzRules extends MetricRules {
    /** Two tolerances of half the size each, and the rounding of double precision. */
    private static final double OFF = 1.01 * VectorDomain.HYPERBOLOID_TOLERANCE;

    private final HyperbolicGeometry geometry;

    LorentzRules(int dimensions, float maxSquaredNorm) {
        super(dimensions);
        this.geometry = new HyperbolicGeometry(dimensions, time(maxSquaredNorm), OFF);
    }

    /** No row with this squared norm has a greater component 0, as a point of the hyperboloid. */
    private static double time(float squaredNorm) {
        return Math.sqrt((squaredNorm + 1.0) / 2) * (1 + 1e-5);
    }

    @Override
    Geometry geometry() {
        return geometry;
    }

    @Override
    boolean scoresAsStored() {
        return false;
    }

    @Override
    void scoredQuery(float[] query, float[] target, int offset) {
        target[offset] = query[offset];
        for (int j = 1; j < dimensions(); j++) {
            target[offset + j] = -query[offset + j];
        }
    }

    @Override
    float bias(float norm) {
        return 0f;
    }

    @Override
    float scale(float norm) {
        return 1f;
    }

    @Override
    float queryTerm(float[] query, int offset) {
        return (float) squaredNorm(query, offset);
    }

    @Override
    double scoreLimit(float key, float queryTerm, float maxNorm) {
        // A product below 1, which rounding of the vectors may make, counts as 1.
        double limit = Math.cosh(key) * (1 + 4 * Rounding.UNIT * (1 + key));
        double magnitude = Math.sqrt((double) queryTerm * maxNorm);
        return limit + Rounding.slack(magnitude, dimensions(), limit);
    }

    @Override
    double keyBound(float score, float magnitude) {
        return geometry.distanceAtMost(score, magnitude);
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        // Vectors lie a little off the hyperboloid, where the triangle inequality fails.
        return geometry.coveredBy(Math.cosh(key), OFF, time((float) queryTerm));
    }

    @Override
    double exactKey(float[] query, int offset, float[] vector, int at, int stride) {
        // Half the squared Lorentzian distance is the product less 1, where both vectors lie on
        // the hyperboloid; they do so but for rounding, and the product itself is the definition.
        double product = (double) query[offset] * vector[at];
        for (int j = 1; j < dimensions(); j++) {
            product -= (double) query[offset + j] * vector[at + j * stride];
        }
        return HyperbolicGeometry.acosh(product);
    }
}
