package io.sparkspann.distance;

/**
 * The space of embedded vectors, in which clusters, heads, graph and closure live: rows of floats
 * and a true distance between them, one for which the triangle inequality holds.
 *
 * <p>Kernels do not compute distances but <em>separations</em>, numbers that grow with the
 * distance: its square in Euclidean space, {@code cosh(d) - 1} in hyperbolic space, the distance
 * itself elsewhere. A tile score of a query and a packed row is their separation, but for what the
 * <em>magnitude</em> of the query adds. Rules that compare multiples of distances, such as that of
 * the closure, go through {@link #stretched}. Immutable.
 */
public abstract class Geometry {
    private final int dimensions;

    Geometry(int dimensions) {
        this.dimensions = dimensions;
    }

    /** Euclidean distance. */
    public static Geometry euclidean(int dimensions) {
        return new EuclideanGeometry(dimensions, false);
    }

    /** Angles between vectors of length 1. */
    static Geometry angular(int dimensions) {
        return new EuclideanGeometry(dimensions, true);
    }

    /** Sum of absolute differences. */
    static Geometry manhattan(int dimensions) {
        return new ManhattanGeometry(dimensions);
    }

    /** Number of differing bits of {@link BitWords}. */
    static Geometry hamming(int words) {
        return new BitGeometry(words, false);
    }

    /** Jaccard distance of the sets that {@link BitWords} are. */
    static Geometry jaccard(int words) {
        return new BitGeometry(words, true);
    }

    /** Components of a row. */
    public final int dimensions() {
        return dimensions;
    }

    /** How packed rows are scored. */
    public abstract ScoreForm form();

    /** An empty buffer for packed rows. */
    public final VerticalBlocks blocks() {
        return new VerticalBlocks(dimensions, form());
    }

    /** Packs a row for tile scores. */
    public abstract void put(VerticalBlocks target, int lane, float[] row, int offset);

    /** Packs rows {@code [from, from + count)} of a matrix. */
    public final VerticalBlocks pack(float[] rows, int from, int count) {
        VerticalBlocks packed = blocks();
        packed.resize(count);
        for (int i = 0; i < count; i++) {
            put(packed, i, rows, (from + i) * dimensions);
        }
        return packed;
    }

    /**
     * How large a row is, in the unit of separations: its squared norm in Euclidean and hyperbolic
     * space, the sum of its components' sizes under l1, 0 for bits, which know no rounding.
     */
    public abstract float magnitude(float[] row, int offset);

    /**
     * The separation of a query and a packed row; rounding may make it a little less than 0.
     *
     * @param score tile score
     * @param magnitude that of the query
     */
    public abstract float separation(float score, float magnitude);

    /** The separation of two rows, 0 or more. */
    public abstract float separation(float[] a, int aOffset, float[] b, int bOffset);

    /** The true distance at a separation; one below 0 counts as 0. */
    public abstract double distance(double separation);

    /** The separation at a true distance; infinity beyond all distances there are. */
    public abstract double separationAt(double distance);

    /** The separation at {@code factor} times the true distance. */
    public double stretched(double separation, double factor) {
        return separationAt(factor * distance(separation));
    }

    /**
     * How far a separation that a kernel computed may be from that of the vectors which the rows
     * stand for: rounding of embedding and kernel. Grows with both arguments.
     *
     * @param magnitude of one of the rows
     */
    public abstract double error(double separation, double magnitude);

    /** The greatest separation that a kernel computes for a row within a true distance. */
    public final double separationWithin(double distance, double magnitude) {
        double separation = separationAt(distance);
        return separation + error(separation, magnitude);
    }

    /** The greatest true distance that rows with a computed separation can have. */
    public final double distanceAtMost(double separation, double magnitude) {
        double computed = Math.max(0, separation);
        return distance(computed + error(computed, magnitude));
    }

    /** A true distance that two rows do not exceed, rounding of embedding and sum included. */
    public double distanceAtMost(float[] a, int aOffset, float[] b, int bOffset) {
        return distanceAtMost(separation(a, aOffset, b, bOffset), magnitude(a, aOffset));
    }

    /** Whether rows bound distances better than scores do, see {@link #distanceAtLeast}. */
    public boolean comparesRows() {
        return false;
    }

    /**
     * A true distance that two rows do not fall below, rounding of embedding and sum included; 0
     * where scores say as much.
     */
    public double distanceAtLeast(float[] a, int aOffset, float[] b, int bOffset) {
        return 0;
    }

    /**
     * The greatest true distance of a base vector whose distance to a head is stored as this.
     *
     * @param head embedded
     */
    public double storedAtMost(float[] head, double stored) {
        double separation = separationAt(stored);
        // The format allows twice the error of the kernel.
        return distance(separation + 2 * error(separation, magnitude(head, 0)));
    }

    /** What rounding may make of a separation of 0 that the tile kernel computes. */
    public abstract float rounding(double magnitude);

    /** Whether no search can tell two rows apart, the first of {@code a} and that of {@code b}. */
    public abstract boolean areEqual(float[] a, float[] b);

    /** Length of the sums that a centre is made of. */
    public int sumDimensions() {
        return dimensions;
    }

    /** Adds a row to sums. */
    public void accumulate(float[] row, int offset, double[] sums, int sumsOffset) {
        KernelProvider.kernels().accumulate(row, offset, sums, sumsOffset, dimensions);
    }

    /**
     * The centre of some rows: about the row with the least sum of separations.
     *
     * @param sums those of the rows
     * @param count number of the rows, at least 1
     */
    public void centre(double[] sums, int sumsOffset, int count, float[] target, int offset) {
        double inverse = 1.0 / count;
        for (int j = 0; j < dimensions; j++) {
            target[offset + j] = (float) (sums[sumsOffset + j] * inverse);
        }
    }
}
