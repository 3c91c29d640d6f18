package io.sparkspann.distance;

/**
 * Rows of bits, 32 of them in the place of each float: bit {@code i} is bit {@code i % 32} of the
 * raw bits of float {@code i / 32}. So bits travel wherever floats do, at their own size. Such
 * floats are copied and never computed with, for many of them are NaN.
 */
public final class BitWords {
    private BitWords() {}

    static int word(float[] row, int at) {
        return Float.floatToRawIntBits(row[at]);
    }

    /** Number of bits that are 1. */
    public static int count(float[] row, int offset, int words) {
        int count = 0;
        for (int j = 0; j < words; j++) {
            count += Integer.bitCount(word(row, offset + j));
        }
        return count;
    }

    /** Number of bits that differ; the words of {@code b} are {@code stride} apart. */
    static int differing(float[] a, int aOffset, float[] b, int bOffset, int stride, int words) {
        int count = 0;
        for (int j = 0; j < words; j++) {
            count += Integer.bitCount(word(a, aOffset + j) ^ word(b, bOffset + j * stride));
        }
        return count;
    }

    /**
     * The Jaccard distance of two sets, 0 if both are empty; the words of {@code b} are {@code
     * stride} apart.
     */
    static double jaccard(float[] a, int aOffset, float[] b, int bOffset, int stride, int words) {
        int common = 0;
        int union = 0;
        for (int j = 0; j < words; j++) {
            int x = word(a, aOffset + j);
            int y = word(b, bOffset + j * stride);
            common += Integer.bitCount(x & y);
            union += Integer.bitCount(x | y);
        }
        return union == 0 ? 0 : 1 - (double) common / union;
    }

    /** Adds to each of {@code 32 words} sums the bit at its place. */
    static void accumulate(float[] row, int offset, double[] sums, int sumsOffset, int words) {
        for (int j = 0; j < words; j++) {
            int word = word(row, offset + j);
            for (; word != 0; word &= word - 1) {
                sums[sumsOffset + j * Integer.SIZE + Integer.numberOfTrailingZeros(word)]++;
            }
        }
    }

    static void set(float[] row, int offset, int bit) {
        int at = offset + bit / Integer.SIZE;
        row[at] = Float.intBitsToFloat(word(row, at) | 1 << bit);
    }
}
