package io.sparkspann.vector;

import java.io.Serializable;

/**
 * Scalar quantization of a whole table: a component is {@code offset + step * code}, its code the
 * nearest integer of the element type.
 *
 * @param step above 0
 * @param offset 0 where only directions or products count, for these would change
 */
public record Quantization(double step, double offset) implements Serializable {
    private static final int UNSIGNED_CODES = 255;
    private static final int SIGNED_CODES = 127;

    public Quantization {
        if (!(step > 0 && step < Double.POSITIVE_INFINITY && Double.isFinite(offset))) {
            throw new IllegalArgumentException("step " + step + ", offset " + offset);
        }
    }

    /**
     * For components from {@code least} to {@code most}.
     *
     * @param mayShift whether distances stay the same when all vectors are shifted
     */
    public static Quantization of(float least, float most, boolean mayShift) {
        if (mayShift) {
            double width = (double) most - least;
            return new Quantization(width > 0 ? width / UNSIGNED_CODES : 1, least);
        }
        double greatest = Math.max(Math.abs((double) least), Math.abs((double) most));
        int codes = least >= 0 ? UNSIGNED_CODES : SIGNED_CODES;
        return new Quantization(greatest > 0 ? greatest / codes : 1, 0);
    }

    /** Type of the codes of such components. */
    public static ElementType type(float least, boolean mayShift) {
        return mayShift || least >= 0 ? ElementType.UINT8 : ElementType.INT8;
    }

    /** Turns components into codes, not rounded. */
    public void toCodes(float[] row, int offsetInRow, int count) {
        for (int j = offsetInRow; j < offsetInRow + count; j++) {
            row[j] = (float) ((row[j] - offset) / step);
        }
    }
}
