package io.sparkspann.distance;

/**
 * What a family of metrics does to vectors and scores: how a stored vector is embedded into a
 * {@link Geometry}, how the tile kernel scores it as it is stored, and what its rank key is.
 *
 * <p>A <em>rank key</em> is the reported number with the sign that makes smaller nearer. Rows have
 * as many components as a stored vector. Immutable.
 */
abstract class MetricRules {
    private final int dimensions;

    MetricRules(int dimensions) {
        this.dimensions = dimensions;
    }

    /** The rules of a metric over vectors of a dimension; see {@link VectorSpace}. */
    static MetricRules of(Metric metric, int dimensions, float maxSquaredNorm) {
        return switch (metric) {
            case L2, SQUARED_L2 -> new EuclideanRules(dimensions, metric == Metric.SQUARED_L2);
            case IP -> new ProductRules(dimensions, maxSquaredNorm);
            case COSINE, NORMALIZED_COSINE ->
                    new DirectionRules(dimensions, DirectionRules.Measure.COSINE);
            case ANGLE, NORMALIZED_ANGLE ->
                    new DirectionRules(dimensions, DirectionRules.Measure.ANGLE);
            case NORMALIZED_L2 -> new DirectionRules(dimensions, DirectionRules.Measure.CHORD);
            case L1 -> new ManhattanRules(dimensions);
            case HAMMING, JACCARD -> new BitRules(dimensions, metric == Metric.JACCARD);
            case POINCARE -> new PoincareRules(dimensions, maxSquaredNorm);
            case LORENTZ -> new LorentzRules(dimensions, maxSquaredNorm);
        };
    }

    /** Components of a stored vector. */
    final int dimensions() {
        return dimensions;
    }

    /** Where embedded vectors live. */
    abstract Geometry geometry();

    /** Whether the embedded vector is the stored one. */
    boolean embedsAsStored() {
        return true;
    }

    /** Turns the stored components at {@code row[offset...]} into the embedded ones, in place. */
    void embed(float[] row, int offset) {}

    /** The same for a query. */
    void embedQuery(float[] row, int offset) {
        embed(row, offset);
    }

    /**
     * Magnitude of an embedded query, see {@link Geometry#magnitude}.
     *
     * @param queryTerm that of the query
     */
    float queryMagnitude(float[] embedded, int offset, float queryTerm) {
        return geometry().magnitude(embedded, offset);
    }

    /** How stored vectors are scored. */
    ScoreForm form() {
        return ScoreForm.DOT;
    }

    /** Whether the row whose tile scores rank stored vectors is the query itself. */
    boolean scoresAsStored() {
        return true;
    }

    /** Writes the row whose tile scores rank stored vectors. */
    void scoredQuery(float[] query, float[] target, int offset) {
        System.arraycopy(query, offset, target, offset, dimensions);
    }

    /** What is stored with a vector to score it: its squared norm, or its number of bits. */
    float norm(float[] row, int offset) {
        return (float) squaredNorm(row, offset);
    }

    final double squaredNorm(float[] row, int offset) {
        double sum = 0;
        for (int j = 0; j < dimensions; j++) {
            sum += (double) row[offset + j] * row[offset + j];
        }
        return sum;
    }

    /** Bias of the lane of a stored vector with this norm. */
    abstract float bias(float norm);

    /** Scale of the lane of a stored vector with this norm. */
    abstract float scale(float norm);

    /** What scores of a query lack to be distances. */
    abstract float queryTerm(float[] query, int offset);

    /**
     * The score above which no vector can have this rank key or a smaller one, rounding of the tile
     * kernel included.
     *
     * @param key finite
     * @param maxNorm greatest norm among the vectors that are scored
     */
    abstract double scoreLimit(float key, float queryTerm, float maxNorm);

    /**
     * A rank key that a vector does not exceed, given its score in embedded space, rounding of
     * embedding and kernel included.
     */
    abstract double keyBound(float score, float magnitude);

    /**
     * The true distance in embedded space at which a vector has a rank key, before rounding.
     *
     * @param key finite
     */
    abstract double trueDistance(double key, double queryTerm);

    /** The exact rank key, sums in double precision; the vector's components are strided. */
    abstract double exactKey(float[] query, int offset, float[] vector, int at, int stride);
}
