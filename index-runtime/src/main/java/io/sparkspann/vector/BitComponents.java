package io.sparkspann.vector;

import java.nio.ByteBuffer;

/** Components of 32 bits each, in the place of floats. */
record BitComponents(FloatComponents words) implements Components {
    @Override
    public Object array() {
        return words.array();
    }

    @Override
    public Components copyOf(int from, int to) {
        return new BitComponents(words.copyOf(from, to));
    }

    /** As they are: bits do not widen. */
    @Override
    public void widen(int from, float[] target, int offset, int count) {
        words.widen(from, target, offset, count);
    }

    /** No number is a set of bits. */
    @Override
    public boolean set(int at, float value) {
        return false;
    }

    @Override
    public int bits(int at) {
        return words.bits(at);
    }

    @Override
    public boolean isZero(int at) {
        return bits(at) == 0;
    }

    /** Number of bits that are 1. */
    @Override
    public double squaredNorm(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += Integer.bitCount(bits(i));
        }
        return count;
    }

    @Override
    public int firstNotFinite(int from, int to) {
        return -1;
    }

    @Override
    public void put(int from, int count, ByteBuffer target) {
        words.put(from, count, target);
    }

    @Override
    public void get(ByteBuffer source, int at, int to, int count) {
        words.get(source, at, to, count);
    }

    @Override
    public void scatter(int from, int count, ByteBuffer target, int at, int stride) {
        words.scatter(from, count, target, at, stride);
    }
}
