package io.sparkspann.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Components of one byte, uint8 or int8. */
record ByteComponents(byte[] values, ElementType type) implements Components {
    @Override
    public Object array() {
        return values;
    }

    @Override
    public Components copyOf(int from, int to) {
        return new ByteComponents(Arrays.copyOfRange(values, from, to), type);
    }

    @Override
    public void widen(int from, float[] target, int offset, int count) {
        int mask = mask();
        for (int j = 0; j < count; j++) {
            target[offset + j] = values[from + j] & mask;
        }
    }

    private int mask() {
        return type == ElementType.UINT8 ? 0xFF : -1;
    }

    @Override
    public boolean set(int at, float value) {
        values[at] = (byte) (int) value;
        return type.widen(values[at]) == value;
    }

    @Override
    public int bits(int at) {
        return values[at];
    }

    @Override
    public boolean isZero(int at) {
        return values[at] == 0;
    }

    @Override
    public double squaredNorm(int from, int to) {
        int mask = mask();
        long sum = 0;
        for (int i = from; i < to; i++) {
            int x = values[i] & mask;
            sum += x * x;
        }
        return sum;
    }

    @Override
    public int firstNotFinite(int from, int to) {
        return -1;
    }

    @Override
    public void put(int from, int count, ByteBuffer target) {
        target.put(values, from, count);
    }

    @Override
    public void get(ByteBuffer source, int at, int to, int count) {
        source.get(at, values, to, count);
    }

    @Override
    public void scatter(int from, int count, ByteBuffer target, int at, int stride) {
        for (int j = 0; j < count; j++) {
            target.put(at + j * stride, values[from + j]);
        }
    }
}
