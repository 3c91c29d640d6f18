package io.sparkspann.distance;

/**
 * Separations are l1 distances. A centre is the mean of its rows, whose sum of distances is at most
 * twice that of their median, the best there is: the median cannot be had from sums, and heads are
 * rows near the centre anyway.
 */
final class ManhattanGeometry extends Geometry {
    /** Distances below this part of the size of a row cannot be told from 0. */
    private static final float EQUAL = 1e-4f;

    ManhattanGeometry(int dimensions) {
        super(dimensions);
    }

    @Override
    public ScoreForm form() {
        return ScoreForm.L1;
    }

    @Override
    public void put(VerticalBlocks target, int lane, float[] row, int offset) {
        target.put(lane, row, offset);
        target.bias()[lane] = 0f;
        target.scale()[lane] = 0f;
    }

    @Override
    public float magnitude(float[] row, int offset) {
        float sum = 0;
        for (int j = 0; j < dimensions(); j++) {
            sum += Math.abs(row[offset + j]);
        }
        return sum;
    }

    @Override
    public float separation(float score, float magnitude) {
        return score;
    }

    @Override
    public float separation(float[] a, int aOffset, float[] b, int bOffset) {
        return KernelProvider.kernels().l1(a, aOffset, b, bOffset, dimensions());
    }

    @Override
    public double distance(double separation) {
        return Math.max(0, separation);
    }

    @Override
    public double separationAt(double distance) {
        return distance;
    }

    /** Terms of one sign: the error of their sum is a part of the sum itself. */
    @Override
    public double error(double separation, double magnitude) {
        return separation * 2 * Rounding.UNIT * (dimensions() + 8) + Float.MIN_NORMAL;
    }

    /** A sum of differences of equal components is 0 however it is rounded. */
    @Override
    public float rounding(double magnitude) {
        return 0;
    }

    @Override
    public boolean areEqual(float[] a, float[] b) {
        return separation(a, 0, b, 0) <= EQUAL * magnitude(b, 0);
    }
}
