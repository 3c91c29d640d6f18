package io.sparkspann.vector;

/** Finds vectors that no distance is defined for, or none that float32 can hold. Thread-safe. */
public final class VectorCheck {
    /**
     * Beyond this squared length scores overflow to infinity minus infinity, and a vector whose
     * score is NaN is never found.
     */
    private static final float MOST_SQUARED_LENGTH = 0x1p100f;

    /** Below this squared length a vector's norm loses digits, and at last becomes zero. */
    private static final float LEAST_SQUARED_LENGTH = 0x1p-100f;

    private VectorCheck() {}

    /**
     * What is wrong with a vector: its first component that is NaN or infinite, that it is too
     * long, or that all its components are zero or nearly so.
     *
     * @param domain vectors outside are a problem
     * @return null if the vector is fine, else words such as {@code component 3 is NaN}
     */
    public static String problem(VectorBlock block, int row, VectorDomain domain) {
        int d = block.dimensions();
        return switch (block.type()) {
            case FLOAT32 -> problem(block.floats(), row * d, (row + 1) * d, domain);
            case FLOAT16 -> problemOfHalfs(block, row, domain);
            case BITS -> null;
            case UINT8, INT8 ->
                    domain == VectorDomain.NOT_ZERO && block.isZero(row) ? zero() : null;
        };
    }

    /** Halfs are never so long or short that float32 has no sum of their squares. */
    private static String problemOfHalfs(VectorBlock block, int row, VectorDomain domain) {
        int bad = block.firstNotFinite(row);
        if (bad >= 0) {
            float[] wide = widened(block, row);
            return "component " + bad + " is " + wide[bad];
        }
        if (domain == VectorDomain.NOT_ZERO) {
            return block.isZero(row) ? zero() : null;
        }
        return domain == VectorDomain.ANY
                ? null
                : domain.problem(widened(block, row), 0, block.dimensions());
    }

    private static float[] widened(VectorBlock block, int row) {
        float[] wide = new float[block.dimensions()];
        block.copyTo(row, wide, 0);
        return wide;
    }

    private static String problem(float[] components, int from, int to, VectorDomain domain) {
        float squared = squaredLength(components, from, to);
        if (!(squared <= MOST_SQUARED_LENGTH)) {
            return notFiniteOrTooLong(components, from, to);
        }
        if (domain == VectorDomain.NOT_ZERO && squared < LEAST_SQUARED_LENGTH) {
            return allZero(components, from, to)
                    ? zero()
                    : "its length is below 2^-50, too short to have a direction; scale the"
                            + " vectors up";
        }
        return domain.problem(components, from, to);
    }

    /** Not finite if a component is not, which no sum loses. Four sums hide the latency. */
    private static float squaredLength(float[] components, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            a += components[i] * components[i];
            b += components[i + 1] * components[i + 1];
            c += components[i + 2] * components[i + 2];
            d += components[i + 3] * components[i + 3];
        }
        for (; i < to; i++) {
            a += components[i] * components[i];
        }
        return a + b + c + d;
    }

    private static String notFiniteOrTooLong(float[] components, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(components[i])) {
                return "component " + (i - from) + " is " + components[i];
            }
        }
        return "its length is above 2^50, too long for distances in float32; scale the vectors"
                + " down";
    }

    private static boolean allZero(float[] components, int from, int to) {
        for (int i = from; i < to; i++) {
            if (components[i] != 0f) {
                return false;
            }
        }
        return true;
    }

    private static String zero() {
        return "all components are zero, which has no direction";
    }
}
