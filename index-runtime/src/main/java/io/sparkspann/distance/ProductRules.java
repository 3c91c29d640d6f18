package io.sparkspann.distance;

/**
 * ip: a base vector gets one more component {@code sqrt(M - |x|²)}, where {@code M} is the greatest
 * squared norm in the table; a query gets 0 there. Squared distance is then {@code |q|² + M - 2
 * q·x}, so the order is that of the inner product (Bachrach et al., RecSys 2014).
 */
final class ProductRules extends MetricRules {
    private final Geometry geometry;
    private final float maxSquaredNorm;

    ProductRules(int dimensions, float maxSquaredNorm) {
        super(dimensions);
        this.geometry = Geometry.euclidean(dimensions + 1);
        this.maxSquaredNorm = maxSquaredNorm;
    }

    @Override
    Geometry geometry() {
        return geometry;
    }

    @Override
    boolean embedsAsStored() {
        return false;
    }

    @Override
    void embed(float[] row, int offset) {
        double rest = maxSquaredNorm - squaredNorm(row, offset);
        row[offset + dimensions()] = (float) Math.sqrt(Math.max(0, rest));
    }

    @Override
    void embedQuery(float[] row, int offset) {
        row[offset + dimensions()] = 0f;
    }

    @Override
    float queryMagnitude(float[] embedded, int offset, float queryTerm) {
        return queryTerm;
    }

    @Override
    float bias(float norm) {
        return 0f;
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
        double limit = 2.0 * key;
        double magnitude = 2 * Math.sqrt((double) queryTerm * maxNorm);
        return limit + Rounding.slack(magnitude, dimensions(), limit);
    }

    @Override
    double keyBound(float score, float magnitude) {
        double squared = Math.max(0.0, (double) score + magnitude);
        double slack = Rounding.embeddedSlack(squared, magnitude, dimensions());
        return (score - maxSquaredNorm + slack) / 2;
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        // Rounding of term and greatest norm is a part of what they are.
        double squared = queryTerm + maxSquaredNorm + 2 * key;
        double slack = 8 * Rounding.UNIT * (queryTerm + maxSquaredNorm);
        return Math.sqrt(Math.max(0, squared + slack));
    }

    @Override
    double exactKey(float[] query, int offset, float[] vector, int at, int stride) {
        double dot = 0;
        for (int j = 0; j < dimensions(); j++) {
            dot += (double) query[offset + j] * vector[at + j * stride];
        }
        return 0.0 - dot;
    }
}
