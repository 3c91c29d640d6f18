package io.sparkspann.distance;

/** hamming and jaccard over {@link BitWords}: embedded as they are; the norm is the bit count. */
final class BitRules extends MetricRules {
    private final Geometry geometry;
    private final boolean jaccard;

    BitRules(int words, boolean jaccard) {
        super(words);
        this.jaccard = jaccard;
        this.geometry = jaccard ? Geometry.jaccard(words) : Geometry.hamming(words);
    }

    @Override
    Geometry geometry() {
        return geometry;
    }

    @Override
    ScoreForm form() {
        return geometry.form();
    }

    @Override
    float norm(float[] row, int offset) {
        return BitWords.count(row, offset, dimensions());
    }

    @Override
    float bias(float norm) {
        return 0f;
    }

    @Override
    float scale(float norm) {
        return jaccard ? norm : 0f;
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
        return score + geometry.error(score, 0);
    }

    @Override
    double trueDistance(double key, double queryTerm) {
        return key;
    }

    @Override
    double exactKey(float[] query, int offset, float[] vector, int at, int stride) {
        return jaccard
                ? BitWords.jaccard(query, offset, vector, at, stride, dimensions())
                : BitWords.differing(query, offset, vector, at, stride, dimensions());
    }
}
