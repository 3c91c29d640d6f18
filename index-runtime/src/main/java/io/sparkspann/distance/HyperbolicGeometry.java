package io.sparkspann.distance;

/**
 * Points of hyperbolic space on the hyperboloid {@code x_0² - x_1² - ... = 1, x_0 > 0}. The
 * separation of two is {@code x_0 y_0 - x_1 y_1 - ... - 1 = cosh(d) - 1}, half of the squared
 * Lorentzian distance, so a centre is the sum of its points scaled back to the hyperboloid, which
 * minimises the sum of separations (Law, Liao, Snell and Zemel, Lorentzian Distance Learning, ICML
 * 2019, section 3.2).
 *
 * <p>Tile scores have an error of about {@code x_0 y_0} roundoffs, which far out exceeds the
 * separations of all that is near. So bounds of distances are computed from rows, in double
 * precision: a row stands for the point of the hyperboloid with the row's components from 1 on, and
 * a component 0 that follows from them. Rounding of these components moves the point by no more
 * than {@code x_0} half ulps of 1, for lengths in hyperbolic space are not above those of the
 * components.
 *
 * <p>What remains is the error of distances to heads that a build computed as scores: radii are
 * loose once {@code x_0 h_0 E 2^-23} exceeds the hyperbolic cosine of what they cover; under
 * lorentz, so is the reach of a query, by the tolerance that rows are given with. With ten
 * dimensions that begins at an x_0 of 1e4, a norm of 0.9999 in the Poincaré ball, and from 1e6, a
 * norm of {@code 1 - 1e-6}, nothing is left out (under lorentz from 1e5). Results are right there,
 * too.
 */
final class HyperbolicGeometry extends Geometry {
    private static final float EQUAL = 1e-8f;

    /** Rounding errors of a stored distance beside those of its sum: embedding, bias, score. */
    private static final int STEPS = 8;

    private final double farthest;
    private final double tolerance;

    /**
     * @param farthest no base row has a greater component 0; infinity if that is not known
     * @param tolerance how far given products may be from those of points on the hyperboloid, as a
     *     part of the product of their components 0
     */
    HyperbolicGeometry(int dimensions, double farthest, double tolerance) {
        super(dimensions);
        this.farthest = farthest;
        this.tolerance = tolerance;
    }

    @Override
    public ScoreForm form() {
        return ScoreForm.DOT;
    }

    @Override
    public void put(VerticalBlocks target, int lane, float[] row, int offset) {
        target.put(lane, row, offset);
        target.negateFrom(lane, 1);
        target.bias()[lane] = -1f;
        target.scale()[lane] = 1f;
    }

    @Override
    public float magnitude(float[] row, int offset) {
        return KernelProvider.kernels().dot(row, offset, row, offset, dimensions());
    }

    @Override
    public float separation(float score, float magnitude) {
        return score;
    }

    @Override
    public float separation(float[] a, int aOffset, float[] b, int bOffset) {
        return (float) Difference.of(a, aOffset, b, bOffset, dimensions()).separation();
    }

    @Override
    public double distanceAtMost(float[] a, int aOffset, float[] b, int bOffset) {
        return bound(Difference.of(a, aOffset, b, bOffset, dimensions()), 1);
    }

    @Override
    public boolean comparesRows() {
        return true;
    }

    @Override
    public double distanceAtLeast(float[] a, int aOffset, float[] b, int bOffset) {
        return Math.max(0, bound(Difference.of(a, aOffset, b, bOffset, dimensions()), -1));
    }

    /** An upper bound for sign 1, a lower one for -1. */
    private double bound(Difference rows, int sign) {
        double slack = Math.ulp(1.0) * (dimensions() + 8) * rows.squared();
        double between = distance(rows.separation() + sign * slack);
        double moved = 1.01 * Rounding.UNIT * (rows.aTime() + rows.bTime());
        return between * (1 + sign * 1e-12) + sign * moved;
    }

    /**
     * The differences of two points in the hyperboloid's components. That in component 0 follows
     * from the others, so that subtracting it loses a part of the squared difference only, not of
     * the squares.
     *
     * @param squared squared difference in the components from 1 on
     */
    private record Difference(double squared, double aTime, double bTime, double time) {
        static Difference of(float[] a, int aOffset, float[] b, int bOffset, int dimensions) {
            double squared = 0;
            double ofSquares = 0;
            double aSquared = 1;
            double bSquared = 1;
            for (int j = 1; j < dimensions; j++) {
                double x = a[aOffset + j];
                double y = b[bOffset + j];
                squared += (x - y) * (x - y);
                ofSquares += (x - y) * (x + y);
                aSquared += x * x;
                bSquared += y * y;
            }
            double aTime = Math.sqrt(aSquared);
            double bTime = Math.sqrt(bSquared);
            return new Difference(squared, aTime, bTime, ofSquares / (aTime + bTime));
        }

        double separation() {
            return Math.max(0, (squared - time * time) / 2);
        }
    }

    /** The hyperbolic cosine of a stored distance is off by roundoffs of what it is a sum of. */
    @Override
    public double storedAtMost(float[] head, double stored) {
        double time = Difference.of(head, 0, head, 0, dimensions()).aTime();
        double roundoffs = (dimensions() + STEPS) * Rounding.UNIT;
        // The length of a row is at most sqrt(2) times its component 0.
        double part = 2 * roundoffs / (1 - roundoffs) + tolerance;
        return coveredBy(Math.cosh(stored * (1 + 2 * Rounding.UNIT)), part, time);
    }

    /**
     * The greatest true distance between a base row and another point when its hyperbolic cosine
     * came out as this, give or take a part of the product of their components 0.
     *
     * @param time component 0 of the other point
     */
    double coveredBy(double cosh, double part, double time) {
        double byFarthest = cosh + part * time * farthest;
        // Component 0 of the base row is at most 2 time cosh(d).
        double own = 2 * part * time * time;
        double byOther = own < 1 ? cosh / (1 - own) : Double.POSITIVE_INFINITY;
        return acosh(Math.min(byFarthest, byOther)) * (1 + 1e-12) + 1e-12;
    }

    /** The inverse hyperbolic cosine of {@code 1 + separation}, exact for small ones too. */
    @Override
    public double distance(double separation) {
        double s = Math.max(0, separation);
        return Math.log1p(s + Math.sqrt(s * (s + 2)));
    }

    /** The inverse hyperbolic cosine; of less than 1 it is 0. */
    static double acosh(double x) {
        return Math.log1p(
                Math.max(0, x - 1) + Math.sqrt(Math.max(0, x - 1) * (Math.max(1, x) + 1)));
    }

    @Override
    public double error(double separation, double magnitude) {
        // Norms: |x| <= sqrt(2) x_0, and x_0 <= 2 q_0 cosh(d). Every component carries a rounding
        // error, and so does every step of the product; cosh(d) is on both sides.
        // Points that are given as such may lie off the hyperboloid by 64 rounding errors.
        double part = 4 * magnitude * Rounding.UNIT * (dimensions() + 80);
        return part < 0.5 ? (1 + separation) * part / (1 - part) : Double.POSITIVE_INFINITY;
    }

    @Override
    public double separationAt(double distance) {
        double half = Math.sinh(distance / 2);
        return 2 * half * half;
    }

    @Override
    public float rounding(double magnitude) {
        return EuclideanGeometry.rounding(magnitude, dimensions());
    }

    @Override
    public boolean areEqual(float[] a, float[] b) {
        return separation(a, 0, b, 0) <= EQUAL * magnitude(b, 0);
    }

    @Override
    public void centre(double[] sums, int sumsOffset, int count, float[] target, int offset) {
        double squared = sums[sumsOffset] * sums[sumsOffset];
        for (int j = 1; j < dimensions(); j++) {
            squared -= sums[sumsOffset + j] * sums[sumsOffset + j];
        }
        // At least the square of the count, for points on the hyperboloid; rounding may make less.
        double inverse = 1 / Math.sqrt(Math.max(squared, (double) count * count));
        for (int j = 0; j < dimensions(); j++) {
            target[offset + j] = (float) (sums[sumsOffset + j] * inverse);
        }
    }
}
