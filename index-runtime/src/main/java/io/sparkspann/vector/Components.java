package io.sparkspann.vector;

import java.nio.ByteBuffer;

/**
 * A primitive array of vector components of one type: all that depends on how components are held
 * in memory. Positions count components. Values widen to float exactly, whatever the type.
 */
interface Components {
    /** Zeros. */
    static Components allocate(ElementType type, int length) {
        return switch (type) {
            case FLOAT32 -> new FloatComponents(new float[length]);
            case FLOAT16 -> new HalfComponents(new short[length]);
            case BITS -> new BitComponents(new FloatComponents(new float[length]));
            case UINT8, INT8 -> new ByteComponents(new byte[length], type);
        };
    }

    /** The primitive array. */
    Object array();

    /** A copy of {@code [from, to)}. */
    Components copyOf(int from, int to);

    /** Copies components, widened. */
    void widen(int from, float[] target, int offset, int count);

    /**
     * Sets one component to the nearest value of the type.
     *
     * @return whether the type can hold it: integers exactly, floats after rounding
     */
    boolean set(int at, float value);

    /** The stored bits of a component, sign-extended. */
    int bits(int at);

    /** Whether a component is zero, of either sign. */
    boolean isZero(int at);

    /** Sum of the squares of {@code [from, to)}, in double precision in their order, or exact. */
    double squaredNorm(int from, int to);

    /** Position in {@code [from, to)} of the first component that is NaN or infinite, or -1. */
    int firstNotFinite(int from, int to);

    /** Appends components to a buffer, in its byte order. */
    void put(int from, int count, ByteBuffer target);

    /** Copies components from byte {@code at} of a buffer, in its byte order. */
    void get(ByteBuffer source, int at, int to, int count);

    /** Writes components to a buffer, the first at byte {@code at}, {@code stride} bytes apart. */
    void scatter(int from, int count, ByteBuffer target, int at, int stride);
}
