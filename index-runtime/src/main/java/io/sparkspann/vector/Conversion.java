package io.sparkspann.vector;

import java.io.Serializable;

/**
 * Turns vectors as they were read into vectors as they are stored. What it needs to know of the
 * whole table it was made with. Immutable and thread-safe; travels to tasks.
 */
public interface Conversion extends Serializable {
    /** Element type of the results. */
    ElementType type();

    /** Components of a result, for vectors of so many. */
    default int dimensions(int source) {
        return source;
    }

    /**
     * Converts vector {@code row} of {@code source} and puts it in the place of vector {@code at}
     * of {@code target}, which is of {@link #type}.
     *
     * @param scratch as many floats as the vector has components, which hold anything then
     * @return null, or what is wrong with the vector, such as {@code component 3 is 300.0, ...};
     *     the place then holds anything
     */
    String convert(VectorBlock source, int row, VectorBlock target, int at, float[] scratch);

    /**
     * The same values in another element type: rounded to float16, to the nearest even; else exact,
     * or it is a problem. To bits those of bytes, eight each, with zeros up to a multiple of 32.
     */
    static Conversion to(ElementType type) {
        return type == ElementType.BITS ? new BitConversion() : new TypeConversion(type);
    }

    /** Codes of a quantization. */
    static Conversion quantized(ElementType type, Quantization quantization) {
        return new CodeConversion(type, quantization);
    }

    /** Scaled to length 1, in double precision, then rounded to float32 or float16. */
    static Conversion normalized(ElementType type) {
        return new UnitConversion(type);
    }
}
