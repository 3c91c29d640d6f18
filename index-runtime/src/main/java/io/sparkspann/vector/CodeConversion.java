package io.sparkspann.vector;

/** Turns numbers into the codes of a {@link Quantization}. */
record CodeConversion(ElementType type, Quantization quantization) implements Conversion {
    /** What is wrong with a vector whose codes have no direction, though it has one itself. */
    static final String ALL_ZERO =
            "all codes are zero: no component exceeds half a quantization step";

    private static final long serialVersionUID = 1L;

    @Override
    public String convert(
            VectorBlock source, int row, VectorBlock target, int at, float[] scratch) {
        source.copyTo(row, scratch, 0);
        quantization.toCodes(scratch, 0, scratch.length);
        for (int j = 0; j < scratch.length; j++) {
            // Rounding of the quotient may pass the last code by a half.
            float least = type == ElementType.UINT8 ? 0 : Byte.MIN_VALUE + 1;
            float most = type == ElementType.UINT8 ? 255 : Byte.MAX_VALUE;
            scratch[j] = Math.max(least, Math.min(most, (float) Math.rint(scratch[j])));
        }
        int bad = target.set(at, scratch);
        return bad < 0 ? null : "component " + bad + " has no code";
    }
}
