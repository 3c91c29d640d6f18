package io.sparkspann.distance;

import io.sparkspann.vector.Conversion;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Quantization;
import io.sparkspann.vector.VectorBlock;

/**
 * A metric over stored vectors of a type and dimension: how they are <em>embedded</em> into a
 * {@link Geometry}, so that clustering, heads, graph and closure are the same code for every
 * metric, and how they are scored as they are stored.
 *
 * <ul>
 *   <li>l2, squared-l2, l1, lorentz, hamming, jaccard: embedded as they are.
 *   <li>cosine, angle, and the normalized metrics: scaled to length 1.
 *   <li>ip: with one more component, after which the nearest vector has the greatest product.
 *   <li>poincare: on the hyperboloid, with one more component.
 * </ul>
 *
 * <p>Scoring a posting uses the stored components, not embedded ones: bias and scale of a lane do
 * the same job there (see {@link #bias} and {@link #scale}). A <em>rank key</em> is the reported
 * distance with the sign that makes smaller nearer. Immutable.
 */
public final class VectorSpace {
    private final Metric metric;
    private final ElementType type;
    private final int dimensions;
    private final float maxSquaredNorm;
    private final MetricRules rules;
    private final Quantization quantization;

    /**
     * @param maxSquaredNorm the greatest squared norm of the base vectors: {@link Metric#IP} embeds
     *     by it, and bounds of the hyperbolic metrics are for vectors within
     */
    public VectorSpace(Metric metric, ElementType type, int dimensions, float maxSquaredNorm) {
        this(metric, type, dimensions, maxSquaredNorm, null);
    }

    private VectorSpace(
            Metric metric,
            ElementType type,
            int dimensions,
            float maxSquaredNorm,
            Quantization quantization) {
        this.quantization = quantization;
        this.metric = metric;
        this.type = type;
        this.dimensions = dimensions;
        this.maxSquaredNorm = maxSquaredNorm;
        this.rules = MetricRules.of(metric, dimensions, maxSquaredNorm);
    }

    /**
     * The same space over codes: all but queries and reported numbers is in the unit of codes.
     *
     * @param codes null for none
     */
    public VectorSpace quantized(Quantization codes) {
        return codes == null
                ? this
                : new VectorSpace(metric, type, dimensions, maxSquaredNorm, codes);
    }

    /** Whether stored components are codes. */
    public boolean isQuantized() {
        return quantization != null;
    }

    /** Turns queries into the unit of stored components, in place. */
    public void toStoredUnit(float[] queries, int count) {
        if (quantization != null) {
            quantization.toCodes(queries, 0, count * dimensions);
        }
    }

    /** What a rank key of 1 is as a reported number, but for its sign. */
    private double unit() {
        if (quantization == null) {
            return 1;
        }
        return switch (metric) {
            case L2, L1 -> quantization.step();
            case SQUARED_L2, IP -> quantization.step() * quantization.step();
            default -> 1;
        };
    }

    public Metric metric() {
        return metric;
    }

    public ElementType type() {
        return type;
    }

    /** Components of a stored vector. */
    public int dimensions() {
        return dimensions;
    }

    /** Components of an embedded vector. */
    public int embeddedDimensions() {
        return rules.geometry().dimensions();
    }

    public float maxSquaredNorm() {
        return maxSquaredNorm;
    }

    /** Whether queries of this type and dimension can be searched for; bytes may be bits. */
    public boolean takesQueries(ElementType queryType, int queryDimensions) {
        return type == ElementType.BITS
                ? queryType == ElementType.BITS && queryDimensions == dimensions
                        || queryType.isByte()
                                && Conversion.to(type).dimensions(queryDimensions) == dimensions
                : queryType != ElementType.BITS && queryDimensions == dimensions;
    }

    /** What such queries have in common, for messages. */
    public String queries() {
        return type == ElementType.BITS
                ? (dimensions - 1) * Integer.BYTES
                        + 1
                        + " to "
                        + dimensions * Integer.BYTES
                        + " bytes"
                : "dimension " + dimensions;
    }

    /** Embeds base vector {@code row} of a block into {@code target[offset...]}. */
    public void embed(VectorBlock block, int row, float[] target, int offset) {
        copyStored(block, row, target, offset);
        rules.embed(target, offset);
    }

    /** Copies the stored components of vector {@code row} into {@code target[offset...]}. */
    public void copyStored(VectorBlock block, int row, float[] target, int offset) {
        if (block.type().isByte()) {
            KernelProvider.kernels()
                    .widen(
                            block.bytes(),
                            row * dimensions,
                            block.type() == ElementType.UINT8,
                            target,
                            offset,
                            dimensions);
        } else if (block.type() == ElementType.FLOAT16) {
            KernelProvider.kernels()
                    .widen(block.halfs(), row * dimensions, target, offset, dimensions);
        } else {
            block.copyTo(row, target, offset);
        }
    }

    /** Embeds a query, given as {@code dimensions} floats, into {@code target[offset...]}. */
    public void embedQuery(float[] query, int queryOffset, float[] target, int offset) {
        System.arraycopy(query, queryOffset, target, offset, dimensions);
        rules.embedQuery(target, offset);
    }

    /** Whether embedded vectors are the stored ones. */
    public boolean embedsAsStored() {
        return rules.embedsAsStored();
    }

    /** Where embedded vectors live. */
    public Geometry geometry() {
        return rules.geometry();
    }

    /**
     * Magnitude of an embedded query, see {@link Geometry#magnitude}.
     *
     * @param queryTerm see {@link #queryTerm}
     */
    public float queryMagnitude(float[] embedded, int offset, float queryTerm) {
        return rules.queryMagnitude(embedded, offset, queryTerm);
    }

    /** An empty buffer for stored vectors, to be scored as they are stored. */
    public VerticalBlocks blocks() {
        return new VerticalBlocks(dimensions, rules.form());
    }

    /** Whether queries themselves are scored against stored vectors. */
    public boolean scoresAsStored() {
        return rules.scoresAsStored();
    }

    /**
     * Writes the row that is scored against stored vectors in place of a query, to the same place
     * of another array.
     */
    public void scoredQuery(float[] query, float[] target, int offset) {
        rules.scoredQuery(query, target, offset);
    }

    /**
     * Puts a stored vector into a lane, not embedded, with the bias and scale that score it.
     *
     * @param scratch at least {@code dimensions} floats
     * @return its norm, see {@link #norm}
     */
    public float putStored(
            VectorBlock block, int row, float[] scratch, VerticalBlocks target, int lane) {
        copyStored(block, row, scratch, 0);
        target.put(lane, scratch, 0);
        float norm = rules.norm(scratch, 0);
        target.bias()[lane] = bias(norm);
        target.scale()[lane] = scale(norm);
        return norm;
    }

    /**
     * What is kept with a stored vector to score it: its squared norm, or its number of bits.
     *
     * @param row its stored components
     */
    public float norm(float[] row, int offset) {
        return rules.norm(row, offset);
    }

    /** Bias of the lane of a stored vector with this norm. */
    public float bias(float norm) {
        return rules.bias(norm);
    }

    /** Scale of the lane of a stored vector with this norm. */
    public float scale(float norm) {
        return rules.scale(norm);
    }

    /**
     * What scores of a query lack to be distances: its squared norm under l2, ip and the hyperbolic
     * metrics, its norm where directions count, else nothing.
     *
     * @param query {@code dimensions} floats, not embedded
     */
    public float queryTerm(float[] query, int offset) {
        return rules.queryTerm(query, offset);
    }

    /**
     * The score above which no vector can have this rank key or a smaller one, rounding of the tile
     * kernel included.
     *
     * @param key rank key, infinity for no limit
     * @param queryTerm see {@link #queryTerm}
     * @param maxNorm greatest norm among the vectors that are scored, see {@link #norm}
     */
    public float scoreLimit(float key, float queryTerm, float maxNorm) {
        return key == Float.POSITIVE_INFINITY
                ? key
                : (float) rules.scoreLimit(key, queryTerm, maxNorm);
    }

    /**
     * A rank key that a vector does not exceed, given its score in embedded space, rounding of
     * embedding and kernel included.
     *
     * @param score of the embedded vectors
     * @param magnitude of the embedded query
     */
    public float keyBound(float score, float magnitude) {
        return Math.nextUp((float) rules.keyBound(score, magnitude));
    }

    /**
     * A true distance in embedded space that no vector with this rank key or a smaller one exceeds.
     *
     * @param key rank key, infinity for no limit, negative infinity where nothing is looked for
     * @param queryTerm see {@link #queryTerm}
     */
    public double trueDistanceWithin(float key, float queryTerm) {
        if (key == Float.POSITIVE_INFINITY) {
            return key;
        }
        if (key == Float.NEGATIVE_INFINITY) {
            return key;
        }
        // Keys are rounded to float32, and a vector with an equal key counts.
        double most = key + Math.abs((double) Math.ulp(key));
        double distance = rules.trueDistance(most, queryTerm);
        return distance * (1 + 1e-12);
    }

    /**
     * Whether tile scores of these queries against any stored vector are exact: counts of bits, or
     * all numbers are integers in the range of the element type, and no partial sum passes 2^24,
     * below which float32 has them all.
     *
     * @param queries {@code n × dimensions}, not embedded
     */
    public boolean scoresAreExact(float[] queries, int n) {
        if (type == ElementType.BITS) {
            return metric == Metric.HAMMING;
        }
        boolean sums = metric == Metric.L2 || metric == Metric.SQUARED_L2 || metric == Metric.L1;
        if (!type.isByte() || !sums || dimensions > 0x1p24 / (255 * 255)) {
            return false;
        }
        float least = type == ElementType.UINT8 ? 0 : Byte.MIN_VALUE;
        float most = type == ElementType.UINT8 ? 255 : Byte.MAX_VALUE;
        for (int i = 0; i < n * dimensions; i++) {
            float x = queries[i];
            if (x != Math.rint(x) || x < least || x > most) {
                return false;
            }
        }
        return true;
    }

    /** The rank key of an exact score, see {@link #scoresAreExact}. */
    public float keyOfExactScore(float score, float queryTerm) {
        double sum = Math.max(0.0, (double) score + queryTerm);
        return (float) (metric == Metric.L2 ? Math.sqrt(sum) : sum);
    }

    /** The rank key as it is reported: a similarity is the negated key. */
    public float reported(float key) {
        float number = quantization == null ? key : (float) (key * unit());
        return metric.isSimilarity() ? 0f - number : number;
    }

    /** The rank key of a reported distance or similarity; about, where components are codes. */
    public float key(float reported) {
        float number = metric.isSimilarity() ? 0f - reported : reported;
        return quantization == null ? number : (float) (number / unit());
    }

    /**
     * The exact rank key of a query and the vector in a lane: sums in double precision, the result
     * rounded once.
     *
     * @param query {@code dimensions} floats, not embedded
     * @param vectors stored components, widened, not embedded
     */
    public float exactKey(float[] query, int offset, VerticalBlocks vectors, int lane) {
        int at =
                lane / VerticalBlocks.LANES * dimensions * VerticalBlocks.LANES
                        + lane % VerticalBlocks.LANES;
        return exactKey(query, offset, vectors.components(), at, VerticalBlocks.LANES);
    }

    /** The exact rank key of a query and a vector whose components are {@code stride} apart. */
    public float exactKey(float[] query, int offset, float[] vector, int vectorOffset, int stride) {
        return (float) rules.exactKey(query, offset, vector, vectorOffset, stride);
    }
}
