package io.sparkspann.vector;

/** See {@link Conversion#to}. All types widen to float32 exactly, so that is the way. */
record TypeConversion(ElementType type) implements Conversion {
    private static final long serialVersionUID = 1L;

    @Override
    public String convert(
            VectorBlock source, int row, VectorBlock target, int at, float[] scratch) {
        source.copyTo(row, scratch, 0);
        int bad = target.set(at, scratch);
        return bad < 0
                ? null
                : "component " + bad + " is " + scratch[bad] + ", which " + type.label() + limit();
    }

    private String limit() {
        return switch (type) {
            case FLOAT32 -> " cannot hold";
            case FLOAT16 -> " cannot hold (at most 65504)";
            case UINT8 -> " cannot hold (integers from 0 to 255)";
            case BITS -> " is not a set of";
            case INT8 -> " cannot hold (integers from -128 to 127)";
        };
    }
}
