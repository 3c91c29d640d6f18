package io.sparkspann.distance;

import io.sparkspann.vector.Conversion;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.Half;
import io.sparkspann.vector.VectorBlock;
import java.util.SplittableRandom;

/** Vectors of every kind that tests want, from a seed; and their metrics in double precision. */
public final class SampleVectors {
    private SampleVectors() {}

    /** What the vectors look like. */
    public enum Shape {
        RANDOM,
        /** Groups of vectors that differ by little or nothing. */
        NEAR_DUPLICATES,
        /** All in one direction, far away from the origin. */
        FAR_FROM_ORIGIN,
        /** All components of a vector are nearly equal, so that rounding errors add up. */
        FLAT
    }

    public static VectorBlock of(Shape shape, ElementType type, int d, int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VectorBlock block = VectorBlock.allocate(type, d, n);
        for (int i = 0; i < n; i++) {
            float flat = (float) random.nextDouble(0.5, 2);
            for (int j = 0; j < d; j++) {
                double value =
                        switch (shape) {
                            case RANDOM -> random.nextGaussian();
                            case NEAR_DUPLICATES ->
                                    Math.sin(1 + i % 5 + 3 * j)
                                            + (i % 3 == 0 ? 0 : 1e-4 * random.nextGaussian());
                            case FAR_FROM_ORIGIN -> 100 + random.nextGaussian();
                            case FLAT -> flat;
                        };
                put(block, i * d + j, value, shape);
            }
            if (type.isByte()) {
                // No zero vector: cosine has no place for it.
                block.bytes()[i * d] |= 1;
            }
        }
        return block;
    }

    private static void put(VectorBlock block, int at, double value, Shape shape) {
        if (block.type() == ElementType.FLOAT16) {
            block.halfs()[at] = Half.ofFloat((float) value);
            return;
        }
        if (block.type() == ElementType.BITS) {
            // The same value gives the same word, near values give very different ones.
            int word = Float.floatToRawIntBits((float) value) * 0x9E3779B9;
            block.floats()[at] = Float.intBitsToFloat(word);
            return;
        }
        if (block.type() == ElementType.FLOAT32) {
            block.floats()[at] = (float) value;
            return;
        }
        boolean unsigned = block.type() == ElementType.UINT8;
        long scaled =
                Math.round(shape == Shape.FAR_FROM_ORIGIN ? value + 20 : value * 60)
                        + (unsigned && shape != Shape.FAR_FROM_ORIGIN ? 100 : 0);
        block.bytes()[at] = (byte) Math.max(unsigned ? 0 : -128, Math.min(127, scaled));
    }

    /** Vector {@code i} as floats. */
    public static float[] row(VectorBlock block, int i) {
        float[] row = new float[block.dimensions()];
        block.copyTo(i, row, 0);
        return row;
    }

    public static float[] rows(VectorBlock block) {
        float[] rows = new float[block.size() * block.dimensions()];
        for (int i = 0; i < block.size(); i++) {
            block.copyTo(i, rows, i * block.dimensions());
        }
        return rows;
    }

    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (double) a[j] * b[j];
        }
        return sum;
    }

    /** Vectors of a shape that a metric has distances for. */
    public static VectorBlock of(
            Metric metric, Shape shape, ElementType type, int d, int n, long seed) {
        VectorBlock block = of(shape, type, d, n, seed);
        for (int i = 0; i < n && !type.isByte(); i++) {
            float[] row = row(block, i);
            fit(metric, row, 0, d);
            block.set(i, row);
        }
        return block;
    }

    /** Of the definition in double precision, for vectors of length 1. */
    public static double referenceError(Metric metric) {
        return switch (metric) {
            // The arc cosine of something near 1, or a root near 0.
            case ANGLE, NORMALIZED_ANGLE, NORMALIZED_L2, POINCARE, LORENTZ -> 1e-6;
            default -> 1e-11;
        };
    }

    /** Changes a vector into one that a metric has distances for. */
    public static void fit(Metric metric, float[] x, int from, int d) {
        double squared = 0;
        for (int j = from; j < from + d; j++) {
            squared += (double) x[j] * x[j];
        }
        double length = Math.sqrt(squared);
        if (metric == Metric.LORENTZ) {
            x[from] = (float) Math.sqrt(1 + squared - (double) x[from] * x[from]);
        }
        for (int j = from; j < from + d; j++) {
            if (metric == Metric.POINCARE) {
                x[j] = (float) (x[j] * Math.min(0.999, length / (1 + length)) / length);
            }
        }
    }

    /** The vectors as an index of a metric stores them. */
    public static VectorBlock stored(Metric metric, VectorBlock base) {
        if (!metric.isNormalized()) {
            return base;
        }
        VectorBlock stored = VectorBlock.allocate(base.type(), base.dimensions(), base.size());
        float[] scratch = new float[base.dimensions()];
        for (int i = 0; i < base.size(); i++) {
            Conversion.normalized(base.type()).convert(base, i, stored, i, scratch);
        }
        return stored;
    }

    public static VectorSpace space(Metric metric, VectorBlock base) {
        double most = 0;
        for (int i = 0; i < base.size(); i++) {
            most = Math.max(most, dot(row(base, i), row(base, i)));
        }
        return new VectorSpace(metric, base.type(), base.dimensions(), (float) most);
    }
}
