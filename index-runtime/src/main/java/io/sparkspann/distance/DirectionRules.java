package io.sparkspann.distance;

/**
 * Metrics of directions: embedded scaled to length 1, where the squared distance is twice the
 * cosine distance.
 */
final class DirectionRules extends MetricRules {
    /** What is reported of two directions. */
    enum Measure {
        /** {@code 1 - cos}. */
        COSINE,
        /** The angle in radians. */
        ANGLE,
        /** The distance of the vectors scaled to length 1. */
        CHORD
    }

    private final Geometry geometry;
    private final Measure measure;

    DirectionRules(int dimensions, Measure measure) {
        super(dimensions);
        this.measure = measure;
        this.geometry =
                measure == Measure.ANGLE
                        ? Geometry.angular(dimensions)
                        : Geometry.euclidean(dimensions);
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
        double inverse = 1 / Math.sqrt(squaredNorm(row, offset));
        for (int j = 0; j < dimensions(); j++) {
            row[offset + j] = (float) (row[offset + j] * inverse);
        }
    }

    @Override
    float queryMagnitude(float[] embedded, int offset, float queryTerm) {
        return 1f;
    }

    @Override
    float bias(float norm) {
        return 0f;
    }

    @Override
    float scale(float norm) {
        return (float) (-2 / Math.sqrt(norm));
    }

    /** The norm, so that a score is {@code -2 |q| cos}. */
    @Override
    float queryTerm(float[] query, int offset) {
        return (float) Math.sqrt(squaredNorm(query, offset));
    }

    @Override
    double scoreLimit(float key, float queryTerm, float maxNorm) {
        double limit = 2.0 * queryTerm * (cosineDistance(key) - 1.0);
        return limit + Rounding.slack(2.0 * queryTerm, dimensions() + 8, limit);
    }

    @Override
    double keyBound(float score, float magnitude) {
        double squared = Math.max(0.0, (double) score + magnitude);
        return key(squared + Rounding.embeddedSlack(squared, magnitude, dimensions()));
    }

    private double cosineDistance(double key) {
        return switch (measure) {
            case COSINE -> key;
            case ANGLE -> key >= Math.PI ? 2 : 2 * Math.pow(Math.sin(key / 2), 2);
            case CHORD -> key * key / 2;
        };
    }

    /** The key at a squared distance of vectors of length 1. */
    private double key(double squared) {
        return switch (measure) {
            case COSINE -> squared / 2;
            case ANGLE -> geometry.distance(squared);
            case CHORD -> Math.sqrt(squared);
        };
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        return measure == Measure.COSINE ? Math.sqrt(2 * Math.max(0, key)) : key;
    }

    @Override
    double exactKey(float[] query, int offset, float[] vector, int at, int stride) {
        double dot = 0;
        double a = 0;
        double b = 0;
        for (int j = 0; j < dimensions(); j++) {
            double q = query[offset + j];
            double x = vector[at + j * stride];
            dot += q * x;
            a += q * q;
            b += x * x;
        }
        if (measure == Measure.COSINE) {
            return Math.max(0, 1 - dot / Math.sqrt(a * b));
        }
        // Differences lose nothing where the directions are nearly equal, a cosine does.
        double chord = 0;
        double p = 1 / Math.sqrt(a);
        double r = 1 / Math.sqrt(b);
        for (int j = 0; j < dimensions(); j++) {
            double difference = query[offset + j] * p - vector[at + j * stride] * r;
            chord += difference * difference;
        }
        return key(chord);
    }
}
