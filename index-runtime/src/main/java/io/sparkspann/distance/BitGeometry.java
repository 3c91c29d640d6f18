package io.sparkspann.distance;

import java.util.Arrays;

/**
 * Rows of bits under the Hamming or the Jaccard distance, which are the separations. The centre
 * under Hamming has the bits that most rows have: no row has a smaller sum of distances. Under
 * Jaccard that would often be the empty set; there it has the bits that the most rows have, as many
 * as the rows have on average.
 */
final class BitGeometry extends Geometry {
    private final boolean jaccard;

    BitGeometry(int words, boolean jaccard) {
        super(words);
        this.jaccard = jaccard;
    }

    @Override
    public ScoreForm form() {
        return jaccard ? ScoreForm.JACCARD : ScoreForm.HAMMING;
    }

    @Override
    public void put(VerticalBlocks target, int lane, float[] row, int offset) {
        target.put(lane, row, offset);
        target.bias()[lane] = 0f;
        target.scale()[lane] = jaccard ? BitWords.count(row, offset, dimensions()) : 0f;
    }

    @Override
    public float magnitude(float[] row, int offset) {
        return 0;
    }

    @Override
    public float separation(float score, float magnitude) {
        return score;
    }

    @Override
    public float separation(float[] a, int aOffset, float[] b, int bOffset) {
        return (float)
                (jaccard
                        ? BitWords.jaccard(a, aOffset, b, bOffset, 1, dimensions())
                        : BitWords.differing(a, aOffset, b, bOffset, 1, dimensions()));
    }

    @Override
    public double distance(double separation) {
        return Math.max(0, separation);
    }

    @Override
    public double separationAt(double distance) {
        return distance;
    }

    /** Counts of bits are exact; a quotient of two is rounded once, and 1 minus it again. */
    @Override
    public double error(double separation, double magnitude) {
        return jaccard ? 8 * Rounding.UNIT : 0;
    }

    @Override
    public float rounding(double magnitude) {
        return 0;
    }

    @Override
    public boolean areEqual(float[] a, float[] b) {
        return BitWords.differing(a, 0, b, 0, 1, dimensions()) == 0;
    }

    @Override
    public int sumDimensions() {
        return dimensions() * Integer.SIZE;
    }

    @Override
    public void accumulate(float[] row, int offset, double[] sums, int sumsOffset) {
        BitWords.accumulate(row, offset, sums, sumsOffset, dimensions());
    }

    @Override
    public void centre(double[] sums, int sumsOffset, int count, float[] target, int offset) {
        Arrays.fill(target, offset, offset + dimensions(), 0f);
        if (jaccard) {
            mostFrequent(sums, sumsOffset, count, target, offset);
            return;
        }
        for (int bit = 0; bit < sumDimensions(); bit++) {
            if (2 * sums[sumsOffset + bit] > count) {
                BitWords.set(target, offset, bit);
            }
        }
    }

    /** Of bits that are equally frequent the first are taken. */
    private void mostFrequent(
            double[] sums, int sumsOffset, int count, float[] target, int offset) {
        int bits = sumDimensions();
        long[] keys = new long[bits];
        double total = 0;
        for (int bit = 0; bit < bits; bit++) {
            double frequency = sums[sumsOffset + bit];
            total += frequency;
            keys[bit] = ((long) (count - frequency)) << 32 | bit;
        }
        Arrays.sort(keys);
        long wished = Math.round(total / count);
        for (int i = 0; i < wished; i++) {
            BitWords.set(target, offset, (int) keys[i]);
        }
    }
}
