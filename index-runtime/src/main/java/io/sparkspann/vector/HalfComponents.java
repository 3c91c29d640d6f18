package io.sparkspann.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Components of float16, see {@link Half}. */
record HalfComponents(short[] values) implements Components {
    @Override
    public Object array() {
        return values;
    }

    @Override
    public Components copyOf(int from, int to) {
        return new HalfComponents(Arrays.copyOfRange(values, from, to));
    }

    @Override
    public void widen(int from, float[] target, int offset, int count) {
        for (int j = 0; j < count; j++) {
            target[offset + j] = Half.toFloat(values[from + j]);
        }
    }

    @Override
    public boolean set(int at, float value) {
        values[at] = Half.ofFloat(value);
        return Half.isFinite(values[at]);
    }

    @Override
    public int bits(int at) {
        return values[at];
    }

    @Override
    public boolean isZero(int at) {
        return (values[at] & 0x7FFF) == 0;
    }

    @Override
    public double squaredNorm(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double x = Half.toFloat(values[i]);
            sum += x * x;
        }
        return sum;
    }

    @Override
    public int firstNotFinite(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Half.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void put(int from, int count, ByteBuffer target) {
        target.asShortBuffer().put(values, from, count);
        target.position(target.position() + count * Short.BYTES);
    }

    @Override
    public void get(ByteBuffer source, int at, int to, int count) {
        source.position(at).asShortBuffer().get(values, to, count);
    }

    @Override
    public void scatter(int from, int count, ByteBuffer target, int at, int stride) {
        for (int j = 0; j < count; j++) {
            target.putShort(at + j * stride, values[from + j]);
        }
    }
}
