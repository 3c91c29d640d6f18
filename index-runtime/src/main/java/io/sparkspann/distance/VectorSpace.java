package io.sparkspann.distance;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;

/**
 * Turns a metric over stored vectors into squared Euclidean distance over <em>embedded</em>
 * vectors, so that clustering, heads, graph and closure are the same code for every metric.
 *
 * <ul>
 *   <li>l2: embedded as they are.
 *   <li>cosine: scaled to length 1; squared distance is twice the cosine distance.
 *   <li>ip: a base vector gets one more component {@code sqrt(M - |x|²)}, where {@code M} is the
 *       greatest squared norm in the table; a query gets 0 there. Squared distance is {@code |q|² +
 *       M - 2 q·x}, so the order is that of the inner product (Bachrach et al., RecSys 2014).
 * </ul>
 *
 * <p>Scoring a posting uses the stored components, not embedded ones: bias and scale of a lane do
 * the same job there (see {@link #bias} and {@link #scale}). A <em>rank key</em> is the reported
 * distance with the sign that makes smaller nearer. Immutable.
 */
public final class VectorSpace {
    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private final Metric metric;
    private final ElementType type;
    private final int dimensions;
    private final float maxSquaredNorm;

    /**
     * @param maxSquaredNorm the greatest squared norm of the base vectors; only {@link Metric#IP}
     *     looks at it
     */
    public VectorSpace(Metric metric, ElementType type, int dimensions, float maxSquaredNorm) {
        this.metric = metric;
        this.type = type;
        this.dimensions = dimensions;
        this.maxSquaredNorm = maxSquaredNorm;
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
        return metric == Metric.IP ? dimensions + 1 : dimensions;
    }

    public float maxSquaredNorm() {
        return maxSquaredNorm;
    }

    /** Embeds base vector {@code row} of a block into {@code target[offset...]}. */
    public void embed(VectorBlock block, int row, float[] target, int offset) {
        copyStored(block, row, target, offset);
        if (metric == Metric.COSINE) {
            scaleToUnit(target, offset);
        } else if (metric == Metric.IP) {
            double rest = maxSquaredNorm - squaredNorm(target, offset);
            target[offset + dimensions] = (float) Math.sqrt(Math.max(0, rest));
        }
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
        } else {
            block.copyTo(row, target, offset);
        }
    }

    /** Embeds a query, given as {@code dimensions} floats, into {@code target[offset...]}. */
    public void embedQuery(float[] query, int queryOffset, float[] target, int offset) {
        System.arraycopy(query, queryOffset, target, offset, dimensions);
        if (metric == Metric.COSINE) {
            scaleToUnit(target, offset);
        } else if (metric == Metric.IP) {
            target[offset + dimensions] = 0f;
        }
    }

    private void scaleToUnit(float[] target, int offset) {
        double inverse = 1 / Math.sqrt(squaredNorm(target, offset));
        for (int j = 0; j < dimensions; j++) {
            target[offset + j] = (float) (target[offset + j] * inverse);
        }
    }

    private double squaredNorm(float[] vector, int offset) {
        double sum = 0;
        for (int j = 0; j < dimensions; j++) {
            sum += (double) vector[offset + j] * vector[offset + j];
        }
        return sum;
    }

    /**
     * Puts a stored vector into a lane, not embedded, with the bias and scale that score it.
     *
     * @param scratch at least {@code dimensions} floats
     * @return its squared norm
     */
    public float putStored(
            VectorBlock block, int row, float[] scratch, VerticalBlocks target, int lane) {
        copyStored(block, row, scratch, 0);
        target.putSquaredL2(lane, scratch, 0);
        float squaredNorm = target.bias()[lane];
        target.bias()[lane] = bias(squaredNorm);
        target.scale()[lane] = scale(squaredNorm);
        return squaredNorm;
    }

    /** Bias of the lane of a stored vector with this squared norm. */
    public float bias(float squaredNorm) {
        return metric == Metric.L2 ? squaredNorm : 0f;
    }

    /** Scale of the lane of a stored vector with this squared norm. */
    public float scale(float squaredNorm) {
        return metric == Metric.COSINE ? (float) (-2 / Math.sqrt(squaredNorm)) : -2f;
    }

    /**
     * What a query adds to its scores to make distances of them: its squared norm for l2 and ip,
     * its norm for cosine.
     *
     * @param query {@code dimensions} floats, not embedded
     */
    public float queryTerm(float[] query, int offset) {
        double squared = squaredNorm(query, offset);
        return (float) (metric == Metric.COSINE ? Math.sqrt(squared) : squared);
    }

    /**
     * The score above which no vector can have this rank key or a smaller one, rounding of the tile
     * kernel included.
     *
     * @param key rank key, infinity for no limit
     * @param queryTerm see {@link #queryTerm}
     * @param maxBias greatest squared norm among the vectors that are scored; ignored for cosine
     */
    public float scoreLimit(float key, float queryTerm, float maxBias) {
        if (key == Float.POSITIVE_INFINITY) {
            return key;
        }
        double limit =
                switch (metric) {
                    case L2 -> (double) key * key - queryTerm;
                    case IP -> 2.0 * key;
                    case COSINE -> 2.0 * queryTerm * (key - 1.0);
                };
        double magnitude =
                switch (metric) {
                    case L2 -> queryTerm + maxBias;
                    case IP -> 2 * Math.sqrt((double) queryTerm * maxBias);
                    case COSINE -> 2.0 * queryTerm;
                };
        // A bound, not an estimate: vectors with equal components do come near to d roundoffs. The
        // 8
        // are those of norm, term, key, scale and score.
        double slack =
                magnitude * UNIT_ROUNDOFF * (dimensions + 8)
                        + Math.abs(limit) * 4 * UNIT_ROUNDOFF
                        + Float.MIN_NORMAL;
        return (float) (limit + slack);
    }

    /**
     * A rank key that a vector does not exceed, given its score in embedded space, rounding of
     * embedding and kernel included.
     *
     * @param score squared distance of the embedded vectors without the query's squared norm
     * @param queryNorm squared norm of the embedded query
     */
    public float keyBound(float score, float queryNorm) {
        double squared = Math.max(0.0, (double) score + queryNorm);
        // A bound for the squared norm of the vector, by the triangle inequality.
        double far = Math.sqrt(queryNorm) + Math.sqrt(squared);
        double slack = (queryNorm + far * far) * UNIT_ROUNDOFF * (dimensions + 16);
        double key =
                switch (metric) {
                    case L2 -> Math.sqrt(squared + slack);
                    case IP -> (score - maxSquaredNorm + slack) / 2;
                    case COSINE -> (squared + slack) / 2;
                };
        return Math.nextUp((float) key);
    }

    /**
     * Whether tile scores of these queries against any stored vector are exact: all numbers are
     * integers in the range of the element type, and no partial sum passes 2^24, below which
     * float32 has them all.
     *
     * @param queries {@code n × dimensions}, not embedded
     */
    public boolean scoresAreExact(float[] queries, int n) {
        if (!type.isByte() || metric != Metric.L2 || dimensions > 0x1p24 / (255 * 255)) {
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

    /** The rank key of an exact score under l2. */
    public static float keyOfExactScore(float score, float queryTerm) {
        return (float) Math.sqrt(Math.max(0.0, (double) score + queryTerm));
    }

    /** The rank key as it is reported: a similarity is the negated key. */
    public float reported(float key) {
        return metric.isSimilarity() ? 0f - key : key;
    }

    /** The rank key of a reported distance or similarity. */
    public float key(float reported) {
        return metric.isSimilarity() ? 0f - reported : reported;
    }

    /**
     * The exact rank key of a query and the vector in a lane: difference form for l2, sums in
     * double precision.
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
        return switch (metric) {
            case L2 -> exactL2(query, offset, vector, vectorOffset, stride);
            case IP -> (float) (0.0 - exactDot(query, offset, vector, vectorOffset, stride));
            case COSINE -> exactCosine(query, offset, vector, vectorOffset, stride);
        };
    }

    private float exactL2(float[] query, int offset, float[] vector, int vectorOffset, int stride) {
        double s0 = 0;
        double s1 = 0;
        int j = 0;
        int at = vectorOffset;
        for (; j + 2 <= dimensions; j += 2) {
            double d0 = (double) query[offset + j] - vector[at];
            double d1 = (double) query[offset + j + 1] - vector[at + stride];
            s0 += d0 * d0;
            s1 += d1 * d1;
            at += 2 * stride;
        }
        if (j < dimensions) {
            double d0 = (double) query[offset + j] - vector[at];
            s0 += d0 * d0;
        }
        return (float) Math.sqrt(s0 + s1);
    }

    private double exactDot(
            float[] query, int offset, float[] vector, int vectorOffset, int stride) {
        double dot = 0;
        for (int j = 0; j < dimensions; j++) {
            dot += (double) query[offset + j] * vector[vectorOffset + j * stride];
        }
        return dot;
    }

    private float exactCosine(
            float[] query, int offset, float[] vector, int vectorOffset, int stride) {
        double dot = 0;
        double a = 0;
        double b = 0;
        for (int j = 0; j < dimensions; j++) {
            double q = query[offset + j];
            double x = vector[vectorOffset + j * stride];
            dot += q * x;
            a += q * q;
            b += x * x;
        }
        return (float) Math.max(0, 1 - dot / Math.sqrt(a * b));
    }
}
