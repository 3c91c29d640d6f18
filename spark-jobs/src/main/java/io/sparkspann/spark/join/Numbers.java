package io.sparkspann.spark.join;

import java.nio.ByteBuffer;

/**
 * Whole numbers as bytes in the blocks of a join: u8 width, i64 smallest number, then the distance
 * of each to it, u32 if the width is 4 and u64 if it is 8.
 */
final class Numbers {
    private static final int HEADER = 1 + Long.BYTES;

    private Numbers() {}

    static long bytes(long[] numbers) {
        return HEADER + (long) width(numbers, smallest(numbers)) * numbers.length;
    }

    static void put(long[] numbers, ByteBuffer out) {
        long smallest = smallest(numbers);
        int width = width(numbers, smallest);
        out.put((byte) width).putLong(smallest);
        if (width == Long.BYTES) {
            for (long number : numbers) {
                out.putLong(number - smallest);
            }
            return;
        }
        int[] distances = new int[numbers.length];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = (int) (numbers[i] - smallest);
        }
        putAll(distances, out);
    }

    /** Takes {@code count} numbers. */
    static long[] take(ByteBuffer in, int count) {
        int width = in.get();
        long smallest = in.getLong();
        long[] numbers = new long[count];
        if (width == Long.BYTES) {
            for (int i = 0; i < count; i++) {
                numbers[i] = smallest + in.getLong();
            }
            return numbers;
        }
        int[] distances = takeInts(in, count);
        for (int i = 0; i < count; i++) {
            numbers[i] = smallest + Integer.toUnsignedLong(distances[i]);
        }
        return numbers;
    }

    static void putAll(int[] values, ByteBuffer out) {
        out.asIntBuffer().put(values);
        out.position(out.position() + values.length * Integer.BYTES);
    }

    static int[] takeInts(ByteBuffer in, int count) {
        int[] values = new int[count];
        in.asIntBuffer().get(values);
        in.position(in.position() + count * Integer.BYTES);
        return values;
    }

    static void putAll(float[] values, ByteBuffer out) {
        out.asFloatBuffer().put(values);
        out.position(out.position() + values.length * Float.BYTES);
    }

    static float[] takeFloats(ByteBuffer in, int count) {
        float[] values = new float[count];
        in.asFloatBuffer().get(values);
        in.position(in.position() + count * Float.BYTES);
        return values;
    }

    private static long smallest(long[] numbers) {
        long smallest = numbers.length == 0 ? 0 : numbers[0];
        for (long number : numbers) {
            smallest = Math.min(smallest, number);
        }
        return smallest;
    }

    /** Distances are taken as unsigned: that of the smallest and the greatest long fits. */
    private static int width(long[] numbers, long smallest) {
        long bits = 0;
        for (long number : numbers) {
            bits |= number - smallest;
        }
        return bits >>> Integer.SIZE == 0 ? Integer.BYTES : Long.BYTES;
    }
}
