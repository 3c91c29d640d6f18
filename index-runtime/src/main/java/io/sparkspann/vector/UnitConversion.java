package io.sparkspann.vector;

/** See {@link Conversion#normalized}. */
record UnitConversion(ElementType type) implements Conversion {
    private static final long serialVersionUID = 1L;

    @Override
    public String convert(
            VectorBlock source, int row, VectorBlock target, int at, float[] scratch) {
        String problem = VectorCheck.problem(source, row, VectorDomain.NOT_ZERO);
        if (problem != null) {
            return problem;
        }
        source.copyTo(row, scratch, 0);
        double inverse = 1 / Math.sqrt(source.squaredNorm(row));
        for (int j = 0; j < scratch.length; j++) {
            scratch[j] = (float) (scratch[j] * inverse);
        }
        int bad = target.set(at, scratch);
        return bad < 0 ? null : "component " + bad + " cannot be held as " + type.label();
    }
}
