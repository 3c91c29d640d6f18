package io.sparkspann.distance;

/**
 * Separations are squared Euclidean distances. The true distance is their root or, between vectors
 * of length 1 whose angle counts, that angle.
 */
final class EuclideanGeometry extends Geometry {
    /** Squared distances below this part of the squared norm cannot be told from 0. */
    private static final float EQUAL = 1e-8f;

    private final boolean angular;

    EuclideanGeometry(int dimensions, boolean angular) {
        super(dimensions);
        this.angular = angular;
    }

    @Override
    public ScoreForm form() {
        return ScoreForm.DOT;
    }

    @Override
    public void put(VerticalBlocks target, int lane, float[] row, int offset) {
        target.putSquaredL2(lane, row, offset);
    }

    @Override
    public float magnitude(float[] row, int offset) {
        return KernelProvider.kernels().dot(row, offset, row, offset, dimensions());
    }

    @Override
    public float separation(float score, float magnitude) {
        return score + magnitude;
    }

    @Override
    public float separation(float[] a, int aOffset, float[] b, int bOffset) {
        return KernelProvider.kernels().squaredL2(a, aOffset, b, bOffset, dimensions());
    }

    @Override
    public double distance(double separation) {
        double chord = Math.sqrt(Math.max(0, separation));
        return angular ? 2 * Math.asin(Math.min(1, chord / 2)) : chord;
    }

    @Override
    public double separationAt(double distance) {
        if (angular && distance >= Math.PI) {
            return Double.POSITIVE_INFINITY;
        }
        double chord = angular ? 2 * Math.sin(distance / 2) : distance;
        return chord * chord;
    }

    @Override
    public double stretched(double separation, double factor) {
        return angular ? super.stretched(separation, factor) : factor * factor * separation;
    }

    @Override
    public double error(double separation, double magnitude) {
        return Rounding.embeddedSlack(separation, magnitude, dimensions());
    }

    @Override
    public float rounding(double magnitude) {
        return rounding(magnitude, dimensions());
    }

    /** The errors of a sum over the dimensions grow with their root, as those of a random walk. */
    static float rounding(double magnitude, int dimensions) {
        return (float) (2 * magnitude * Rounding.UNIT * (8 + 4 * Math.sqrt(dimensions)));
    }

    @Override
    public boolean areEqual(float[] a, float[] b) {
        return separation(a, 0, b, 0) <= EQUAL * magnitude(b, 0);
    }
}
