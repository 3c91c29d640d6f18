package io.sparkspann.vector;

/**
 * IEEE 754 binary16, a float of 16 bits in a {@code short}: sign, 5 bits of exponent, 10 of
 * fraction. Java 17 has no such conversions of its own.
 */
public final class Half {
    /** The greatest finite value. */
    public static final float MAX_VALUE = 65504f;

    /** Exponents differ by this factor once the bits of a half are in those of a float. */
    private static final float REBIAS = 0x1p112f;

    private static final int EXPONENT = 0x7C00;
    private static final int SHIFT = 13;

    private Half() {}

    /** The same value as a float; exact, also of subnormal numbers, infinities and NaN. */
    public static float toFloat(short half) {
        if (!isFinite(half)) {
            int fraction = half & 0x3FF;
            return Float.intBitsToFloat((half & 0x8000) << 16 | 0x7F80_0000 | fraction << SHIFT);
        }
        return finiteToFloat(half);
    }

    /**
     * As {@link #toFloat} without a branch, for bulk loops; only of finite halfs. The product is
     * exact: it undoes that the exponent of a float has another bias, and normalises subnormal
     * numbers.
     */
    public static float finiteToFloat(short half) {
        return Float.intBitsToFloat(half << SHIFT & 0x8FFF_E000) * REBIAS;
    }

    /**
     * The nearest half, of two equally near the one with an even last bit. From 65520 on that is
     * infinity; NaN stays NaN.
     */
    public static short ofFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (!(magnitude < 65520f)) {
            return (short) (sign | (Float.isNaN(value) ? 0x7E00 : EXPONENT));
        }
        if (magnitude < 0x1p-14f) {
            // The sum has a last bit worth 2^-24, that of subnormal halfs: adding rounds.
            return (short) (sign | Float.floatToRawIntBits(magnitude + 0.5f) - 0x3F00_0000);
        }
        int rebiased = (bits & 0x7FFF_FFFF) - (112 << 23);
        int rounded = rebiased + 0xFFF + (rebiased >>> SHIFT & 1);
        return (short) (sign | rounded >>> SHIFT);
    }

    /** Whether a half is neither infinite nor NaN. */
    public static boolean isFinite(short half) {
        return (half & EXPONENT) != EXPONENT;
    }
}
