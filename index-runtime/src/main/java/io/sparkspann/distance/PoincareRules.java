package io.sparkspann.distance;

/**
 * poincare: a point x of the open unit ball is embedded as {@code ((1 + |x|²), 2x) / (1 - |x|²)} on
 * the hyperboloid.
 *
 * <p>As stored, {@code |x-q|² / (1-|x|²) + 1 = (1 + |q|²) (w - w q'·x)} with {@code w = 1 /
 * (1-|x|²)} and {@code q' = 2q / (1+|q|²)}; so bias {@code w} and scale {@code -w} rank the stored
 * vectors by their products with {@code q'}.
 */
final class PoincareRules extends MetricRules {
    /** The largest w; the squared norm of a stored vector is rounded, and it may be 1. */
    private static final double LARGEST = 0x1p24;

    private final HyperbolicGeometry geometry;
    private final double farthest;

    PoincareRules(int dimensions, float maxSquaredNorm) {
        super(dimensions);
        this.farthest = time(maxSquaredNorm);
        this.geometry = new HyperbolicGeometry(dimensions + 1, farthest, 0);
    }

    /** No vector with this squared norm, which is rounded, has a greater embedded component 0. */
    private static double time(float squaredNorm) {
        double gap = 1 - (double) Math.nextUp(squaredNorm);
        return gap > 0 ? 2 / gap : Double.POSITIVE_INFINITY;
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
        double squared = squaredNorm(row, offset);
        double scale = 2 / (1 - squared);
        for (int j = dimensions(); j > 0; j--) {
            row[offset + j] = (float) (row[offset + j - 1] * scale);
        }
        row[offset] = (float) ((1 + squared) / (1 - squared));
    }

    @Override
    boolean scoresAsStored() {
        return false;
    }

    @Override
    void scoredQuery(float[] query, float[] target, int offset) {
        double scale = 2 / (1 + squaredNorm(query, offset));
        for (int j = 0; j < dimensions(); j++) {
            target[offset + j] = (float) (query[offset + j] * scale);
        }
    }

    @Override
    float bias(float norm) {
        return weight(norm);
    }

    @Override
    float scale(float norm) {
        return -weight(norm);
    }

    private static float weight(float norm) {
        return (float) Math.min(LARGEST, 1 / Math.max(1 / LARGEST, 1 - (double) norm));
    }

    @Override
    float queryTerm(float[] query, int offset) {
        return (float) squaredNorm(query, offset);
    }

    /**
     * With {@code cosh(d) - 1 = 2 t} at key d, a vector has a score of at most {@code (1 + t
     * (1-|q|²)) / (1+|q|²)}. The error of w is about {@code w²} roundoffs, that of the product
     * {@code dimensions} times w.
     */
    @Override
    double scoreLimit(float key, float queryTerm, float maxNorm) {
        double half = Math.sinh(key * (1 + 4 * Rounding.UNIT) / 2.0);
        double rest = Math.max(0, 1 - queryTerm + 2 * Rounding.UNIT);
        double limit = (1 + half * half * rest) / (1 + queryTerm - 2 * Rounding.UNIT);
        double w = weight(maxNorm);
        return limit + Rounding.slack(2 * w, dimensions() + 8, limit) + 4 * w * w * Rounding.UNIT;
    }

    @Override
    double keyBound(float score, float magnitude) {
        return geometry.distanceAtMost(score, magnitude);
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        // Double precision, too, has few digits of 1 - |x|² near the border.
        double times = farthest + time((float) queryTerm);
        return key + Math.ulp(1.0) * (dimensions() + 4) * times;
    }

    @Override
    double exactKey(float[] query, int offset, float[] vector, int at, int stride) {
        double a = 0;
        double b = 0;
        double between = 0;
        for (int j = 0; j < dimensions(); j++) {
            double q = query[offset + j];
            double x = vector[at + j * stride];
            double difference = q - x;
            a += q * q;
            b += x * x;
            between += difference * difference;
        }
        return geometry.distance(2 * between / ((1 - a) * (1 - b)));
    }
}
