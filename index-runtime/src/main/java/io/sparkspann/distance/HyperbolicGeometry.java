package io.sparkspann.distance;

/**
 * Points of hyperbolic space on the hyperboloid {@code x_0² - x_1² - ... = 1, x_0 > 0}. The
 * separation of two is {@code x_0 y_0 - x_1 y_1 - ... - 1 = cosh(d) - 1}, half of the squared
 * Lorentzian distance, so a centre is the sum of its points scaled back to the hyperboloid, which
 * minimises the sum of separations (Law, Liao, Snell and Zemel, Lorentzian Distance Learning, ICML
 * 2019, section 3.2).
 */
final class HyperbolicGeometry extends Geometry {
    private static final float EQUAL = 1e-8f;

    HyperbolicGeometry(int dimensions) {
        super(dimensions);
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

    /** Half the squared difference: less is lost than by subtracting 1 from a product. */
    @Override
    public float separation(float[] a, int aOffset, float[] b, int bOffset) {
        int d = dimensions();
        float space = KernelProvider.kernels().squaredL2(a, aOffset + 1, b, bOffset + 1, d - 1);
        float time = a[aOffset] - b[bOffset];
        return Math.max(0f, (space - time * time) / 2);
    }

    /**
     * By the product: the squared difference, which is better for near points, loses for far ones
     * what grows with the squares of both, and {@link #error} is for errors of a product.
     */
    @Override
    public double distanceAtMost(float[] a, int aOffset, float[] b, int bOffset) {
        double product = (double) a[aOffset] * b[bOffset];
        for (int j = 1; j < dimensions(); j++) {
            product -= (double) a[aOffset + j] * b[bOffset + j];
        }
        return distanceAtMost(product - 1, magnitude(a, aOffset));
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
