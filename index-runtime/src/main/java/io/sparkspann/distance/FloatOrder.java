package io.sparkspann.distance;

/** Floats as integers in the same order; -0 becomes 0. */
public final class FloatOrder {
    private FloatOrder() {}

    /** An integer that is less than that of another float if and only if the float is. */
    public static int toInt(float value) {
        return flip(Float.floatToRawIntBits(value + 0f));
    }

    /** The float of such an integer. */
    public static float toFloat(int ordered) {
        return Float.intBitsToFloat(flip(ordered));
    }

    /** Bits of negative floats have the reverse order; its own inverse. */
    private static int flip(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }
}
