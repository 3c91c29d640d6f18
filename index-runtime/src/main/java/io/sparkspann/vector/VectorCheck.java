package io.sparkspann.vector;

/** Finds vectors that no distance is defined for. Thread-safe. */
public final class VectorCheck {
    private VectorCheck() {}

    /**
     * What is wrong with a vector: its first component that is NaN or infinite, or that all its components are zero.
     *
     * @param rejectZero whether a zero vector is a problem, as it is under the cosine metrics
     * @return null if the vector is fine, else words such as {@code component 3 is NaN}
     */
    public static String problem(VectorBlock block, int row, boolean rejectZero) {
        int from = row * block.dimensions();
        int to = from + block.dimensions();
        if (block.type() == ElementType.FLOAT32) {
            float[] components = block.floats();
            if (!allFinite(components, from, to)) {
                return firstNotFinite(components, from);
            }
            return rejectZero && allZero(components, from, to) ? zero() : null;
        }
        return rejectZero && allZero(block.bytes(), from, to) ? zero() : null;
    }

    /** Times zero, every finite number is zero and all others are NaN, which no sum loses. Four sums hide the latency. */
    private static boolean allFinite(float[] components, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            a += components[i] * 0f;
            b += components[i + 1] * 0f;
            c += components[i + 2] * 0f;
            d += components[i + 3] * 0f;
        }
        for (; i < to; i++) {
            a += components[i] * 0f;
        }
        return a + b + c + d == 0f;
    }

    private static String firstNotFinite(float[] components, int from) {
        int i = from;
        while (Float.isFinite(components[i])) {
            i++;
        }
        return "component " + (i - from) + " is " + components[i];
    }

    private static boolean allZero(float[] components, int from, int to) {
        for (int i = from; i < to; i++) {
            if (components[i] != 0f) {
                return false;
            }
        }
        return true;
    }

    private static boolean allZero(byte[] components, int from, int to) {
        for (int i = from; i < to; i++) {
            if (components[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static String zero() {
        return "all components are zero, which has no direction under cosine";
    }
}
