package io.sparkspann.vector;

/** Packs bytes into {@link ElementType#BITS}, the lowest bit of each first. */
record BitConversion() implements Conversion {
    private static final long serialVersionUID = 1L;

    @Override
    public ElementType type() {
        return ElementType.BITS;
    }

    @Override
    public int dimensions(int source) {
        return (source + Integer.BYTES - 1) / Integer.BYTES;
    }

    @Override
    public String convert(
            VectorBlock source, int row, VectorBlock target, int at, float[] scratch) {
        if (!source.type().isByte()) {
            return "it is of "
                    + source.type().label()
                    + ", but bits are read from bytes, 8 of each";
        }
        byte[] bytes = source.bytes();
        int from = row * source.dimensions();
        int to = at * target.dimensions();
        for (int w = 0; w < target.dimensions(); w++) {
            int word = 0;
            int end = Math.min(source.dimensions(), (w + 1) * Integer.BYTES);
            for (int b = w * Integer.BYTES; b < end; b++) {
                word |= (bytes[from + b] & 0xFF) << Byte.SIZE * (b % Integer.BYTES);
            }
            target.floats()[to + w] = Float.intBitsToFloat(word);
        }
        return null;
    }
}
