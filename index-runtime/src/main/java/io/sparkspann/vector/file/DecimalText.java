package io.sparkspann.vector.file;

import java.nio.charset.StandardCharsets;

/** Decimal numbers in ASCII, rounded to the nearest float32, as {@link Float#parseFloat} does. */
final class DecimalText {
    /** Mantissas below stay exact in a double. */
    private static final long MAX_MANTISSA = (1L << 53) / 10 - 1;

    private static final int DROPPED_BITS = 29;
    private static final long DROPPED = (1L << DROPPED_BITS) - 1;
    private static final long MIDPOINT = 1L << (DROPPED_BITS - 1);

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private DecimalText() {}

    /** The value; infinite if it does not fit float32, NaN if the text is no decimal number (such as {@code NaN}). */
    static float parse(byte[] text, int from, int to) {
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (at < to && (negative || text[at] == '+')) {
            at++;
        }
        long mantissa = 0;
        int digits = 0;
        int point = -1;
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9 && mantissa <= MAX_MANTISSA) {
                mantissa = mantissa * 10 + digit;
                digits++;
            } else if (text[at] == '.' && point < 0) {
                point = digits;
            } else {
                return parseAny(text, from, to);
            }
        }
        int decimals = point < 0 ? 0 : digits - point;
        if (digits == 0 || decimals >= POWERS_OF_TEN.length) {
            return parseAny(text, from, to);
        }
        double value = mantissa / POWERS_OF_TEN[decimals];
        // Both operands are exact, so the quotient is off by less than half a unit in its last place. Rounding it again is
        // right unless it lies next to the middle between two floats.
        long distance = (Double.doubleToRawLongBits(value) & DROPPED) - MIDPOINT;
        if (distance >= -1 && distance <= 1) {
            return parseAny(text, from, to);
        }
        return (float) (negative ? -value : value);
    }

    private static float parseAny(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            byte c = text[i];
            boolean decimal =
                    c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
            if (!decimal) {
                return Float.NaN;
            }
        }
        try {
            return Float.parseFloat(new String(text, from, to - from, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }
}
