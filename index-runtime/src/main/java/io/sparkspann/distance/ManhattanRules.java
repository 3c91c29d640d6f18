package io.sparkspann.distance;

/** l1: embedded as it is. */
final class ManhattanRules extends MetricRules {
    private final Geometry geometry;

    ManhattanRules(int dimensions) {
        super(dimensions);
        this.geometry = Geometry.manhattan(dimensions);
    }

    @Override
    Geometry geometry() {
        return geometry;
    }

    @Override
    ScoreForm form() {
        return ScoreForm.L1;
    }

    @Override
    float bias(float norm) {
        return 0f;
    }

    @Override
    float scale(float norm) {
        return 0f;
    }

    @Override
    float queryTerm(float[] query, int offset) {
        return 0f;
    }

    @Override
    double scoreLimit(float key, float queryTerm, float maxNorm) {
        return key + geometry.error(key, 0);
    }

    @Override
    double keyBound(float score, float magnitude) {
        return score + geometry.error(score, magnitude);
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        return key;
    }

    @Override
    double exactKey(float[] query, int offset, float[] vector, int at, int stride) {
        double sum = 0;
        for (int j = 0; j < dimensions(); j++) {
            sum += Math.abs((double) query[offset + j] - vector[at + j * stride]);
        }
        return sum;
    }
}
