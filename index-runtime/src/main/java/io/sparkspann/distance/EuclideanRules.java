package io.sparkspann.distance;

/** l2 and squared-l2: embedded as they are. */
final class EuclideanRules extends MetricRules {
    private final Geometry geometry;
    private final boolean squared;

    EuclideanRules(int dimensions, boolean squared) {
        super(dimensions);
        this.geometry = Geometry.euclidean(dimensions);
        this.squared = squared;
    }

    @Override
    Geometry geometry() {
        return geometry;
    }

    @Override
    float queryMagnitude(float[] embedded, int offset, float queryTerm) {
        return queryTerm;
    }

    @Override
    float bias(float norm) {
        return norm;
    }

    @Override
    float scale(float norm) {
        return -2f;
    }

    @Override
    float queryTerm(float[] query, int offset) {
        return (float) squaredNorm(query, offset);
    }

    @Override
    double scoreLimit(float key, float queryTerm, float maxNorm) {
        double limit = (squared ? (double) key : (double) key * key) - queryTerm;
        return limit + Rounding.slack(queryTerm + maxNorm, dimensions(), limit);
    }

    @Override
    double keyBound(float score, float magnitude) {
        double square = Math.max(0.0, (double) score + magnitude);
        double bound = square + Rounding.embeddedSlack(square, magnitude, dimensions());
        return squared ? bound : Math.sqrt(bound);
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        return squared ? Math.sqrt(Math.max(0, key)) : key;
    }

    /** Difference form. */
    @Override
    double exactKey(float[] query, int offset, float[] vector, int vectorOffset, int stride) {
        double s0 = 0;
        double s1 = 0;
        int j = 0;
        int at = vectorOffset;
        for (; j + 2 <= dimensions(); j += 2) {
            double d0 = (double) query[offset + j] - vector[at];
            double d1 = (double) query[offset + j + 1] - vector[at + stride];
            s0 += d0 * d0;
            s1 += d1 * d1;
            at += 2 * stride;
        }
        if (j < dimensions()) {
            double d0 = (double) query[offset + j] - vector[at];
            s0 += d0 * d0;
        }
        return squared ? s0 + s1 : Math.sqrt(s0 + s1);
    }
}
