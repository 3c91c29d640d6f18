package io.sparkspann.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Components of float32. */
record FloatComponents(float[] values) implements Components {
    @Override
    public Object array() {
        return values;
    }

    @Override
    public FloatComponents copyOf(int from, int to) {
        return new FloatComponents(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public void widen(int from, float[] target, int offset, int count) {
        System.arraycopy(values, from, target, offset, count);
    }

    @Override
    public boolean set(int at, float value) {
        values[at] = value;
        return Float.isFinite(value);
    }

    @Override
    public int bits(int at) {
        return Float.floatToRawIntBits(values[at]);
    }

    @Override
    public boolean isZero(int at) {
        return values[at] == 0f;
    }

    @Override
    public double squaredNorm(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double x = values[i];
            sum += x * x;
        }
        return sum;
    }

    @Override
    public int firstNotFinite(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void put(int from, int count, ByteBuffer target) {
        target.asFloatBuffer().put(values, from, count);
        target.position(target.position() + count * Float.BYTES);
    }

    @Override
    public void get(ByteBuffer source, int at, int to, int count) {
        source.position(at).asFloatBuffer().get(values, to, count);
    }

    @Override
    public void scatter(int from, int count, ByteBuffer target, int at, int stride) {
        for (int j = 0; j < count; j++) {
            target.putFloat(at + j * stride, values[from + j]);
        }
    }
}
