package io.sparkspann.distance;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Kernels on the Vector API for the widest registers of this machine, up to 512 bits. */
final class SimdKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() >= 16
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = VerticalBlocks.LANES;
    private static final boolean WIDE = WIDTH == LANES;

    private static final IntVector LANE_NUMBERS =
            FloatVector.zero(FLOATS).reinterpretAsInts().addIndex(1);

    private SimdKernels() {}

    /** Called by name. */
    static Kernels create() {
        return new SimdKernels();
    }

    @Override
    public String name() {
        return "vector-api " + FLOATS.vectorBitSize() + " bit";
    }

    @Override
    public void score(
            float[] queries,
            int[] offsets,
            int queryCount,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] scores,
            int[] targets) {
        if (blocks.form() != ScoreForm.DOT) {
            SimdForms.score(
                    queries, offsets, queryCount, blocks, firstBlock, blockCount, scores, targets);
        } else if (WIDE) {
            SimdWideTiles.score(
                    queries, offsets, queryCount, blocks, firstBlock, blockCount, scores, targets);
        } else {
            SimdNarrowTiles.score(
                    queries, offsets, queryCount, blocks, firstBlock, blockCount, scores, targets);
        }
    }

    @Override
    public void scoreBytes(
            float[] queries,
            int offset,
            ByteBlocks blocks,
            int firstBlock,
            int blockCount,
            VerticalBlocks wide,
            float[] scores) {
        if (WIDE && wide.form() == ScoreForm.DOT) {
            SimdByteRows.score(queries, offset, blocks, firstBlock, blockCount, scores);
        } else {
            Kernels.super.scoreBytes(queries, offset, blocks, firstBlock, blockCount, wide, scores);
        }
    }

    @Override
    public void scoreHalfs(
            float[] queries,
            int offset,
            HalfBlocks blocks,
            int firstBlock,
            int blockCount,
            VerticalBlocks wide,
            float[] scores) {
        if (WIDE && wide.form() == ScoreForm.DOT) {
            SimdHalfRows.score(queries, offset, blocks, firstBlock, blockCount, scores);
        } else {
            Kernels.super.scoreHalfs(queries, offset, blocks, firstBlock, blockCount, wide, scores);
        }
    }

    @Override
    public int atMost(float[] scores, int from, int count, float threshold, int[] found) {
        float above = Math.nextUp(threshold);
        int n = 0;
        for (int i = 0; i < count; i += WIDTH) {
            FloatVector part = FloatVector.fromArray(FLOATS, scores, from + i);
            if (part.compare(VectorOperators.LE, threshold).anyTrue()) {
                for (int bits = negative(part.sub(above)); bits != 0; bits &= bits - 1) {
                    int at = i + Integer.numberOfTrailingZeros(bits);
                    // NaN may be negative.
                    if (scores[from + at] <= threshold) {
                        found[n++] = at;
                    }
                }
            }
        }
        return n;
    }

    /** A bit for each lane: its sign. The bits of a mask would be slow to get on JDK 17. */
    private static int negative(FloatVector v) {
        return v.reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, 31)
                .lanewise(VectorOperators.LSHL, LANE_NUMBERS)
                .reduceLanes(VectorOperators.OR);
    }

    @Override
    public boolean anyAtMost(float[] scores, int from, int count, float threshold) {
        for (int i = 0; i < count; i += WIDTH) {
            if (FloatVector.fromArray(FLOATS, scores, from + i)
                    .compare(VectorOperators.LE, threshold)
                    .anyTrue()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int argMin(float[] scores, int from, int count) {
        FloatVector smallest = FloatVector.fromArray(FLOATS, scores, from);
        for (int i = WIDTH; i < count; i += WIDTH) {
            smallest = smallest.min(FloatVector.fromArray(FLOATS, scores, from + i));
        }
        float min = smallest.reduceLanes(VectorOperators.MIN);
        int best = 0;
        while (best < count - 1 && !(scores[from + best] <= min)) {
            best++;
        }
        return best;
    }

    @Override
    public float squaredL2(float[] a, int aOffset, float[] b, int bOffset, int d) {
        FloatVector v = squares(a, aOffset, b, bOffset, d, 0);
        if (WIDTH <= 8) {
            v = v.add(squares(a, aOffset, b, bOffset, d, 8));
        }
        if (WIDTH <= 4) {
            v =
                    v.add(
                            squares(a, aOffset, b, bOffset, d, 4)
                                    .add(squares(a, aOffset, b, bOffset, d, 12)));
        }
        float sum = sumOfLanes(v);
        for (int j = d / LANES * LANES; j < d; j++) {
            float difference = a[aOffset + j] - b[bOffset + j];
            sum += difference * difference;
        }
        return sum;
    }

    /** Sums of lanes {@code [lane, lane + WIDTH)} and of those 16 further, added up. */
    private static FloatVector squares(
            float[] a, int aOffset, float[] b, int bOffset, int d, int lane) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        int j = 0;
        for (; j + 2 * LANES <= d; j += 2 * LANES) {
            FloatVector d0 = difference(a, aOffset + j + lane, b, bOffset + j + lane);
            FloatVector d1 =
                    difference(a, aOffset + j + LANES + lane, b, bOffset + j + LANES + lane);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        if (j + LANES <= d) {
            FloatVector d0 = difference(a, aOffset + j + lane, b, bOffset + j + lane);
            s0 = d0.fma(d0, s0);
        }
        return s0.add(s1);
    }

    private static FloatVector difference(float[] a, int aAt, float[] b, int bAt) {
        return FloatVector.fromArray(FLOATS, a, aAt).sub(FloatVector.fromArray(FLOATS, b, bAt));
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int d) {
        FloatVector v = products(a, aOffset, b, bOffset, d, 0);
        if (WIDTH <= 8) {
            v = v.add(products(a, aOffset, b, bOffset, d, 8));
        }
        if (WIDTH <= 4) {
            v =
                    v.add(
                            products(a, aOffset, b, bOffset, d, 4)
                                    .add(products(a, aOffset, b, bOffset, d, 12)));
        }
        float sum = sumOfLanes(v);
        for (int j = d / LANES * LANES; j < d; j++) {
            sum += a[aOffset + j] * b[bOffset + j];
        }
        return sum;
    }

    /** As {@link #squares}. */
    private static FloatVector products(
            float[] a, int aOffset, float[] b, int bOffset, int d, int lane) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        int j = 0;
        for (; j + 2 * LANES <= d; j += 2 * LANES) {
            s0 =
                    FloatVector.fromArray(FLOATS, a, aOffset + j + lane)
                            .fma(FloatVector.fromArray(FLOATS, b, bOffset + j + lane), s0);
            int next = j + LANES + lane;
            s1 =
                    FloatVector.fromArray(FLOATS, a, aOffset + next)
                            .fma(FloatVector.fromArray(FLOATS, b, bOffset + next), s1);
        }
        if (j + LANES <= d) {
            s0 =
                    FloatVector.fromArray(FLOATS, a, aOffset + j + lane)
                            .fma(FloatVector.fromArray(FLOATS, b, bOffset + j + lane), s0);
        }
        return s0.add(s1);
    }

    /**
     * Adds upper halves to lower halves down to one lane. Not {@code reduceLanes}: its order is
     * unspecified and differs between JVMs, and between interpreted and compiled code.
     */
    private static float sumOfLanes(FloatVector v) {
        if (WIDTH == 4) {
            return (v.lane(0) + v.lane(2)) + (v.lane(1) + v.lane(3));
        }
        if (WIDTH == 8) {
            return ((v.lane(0) + v.lane(4)) + (v.lane(2) + v.lane(6)))
                    + ((v.lane(1) + v.lane(5)) + (v.lane(3) + v.lane(7)));
        }
        float s0 = (v.lane(0) + v.lane(8)) + (v.lane(4) + v.lane(12));
        float s1 = (v.lane(1) + v.lane(9)) + (v.lane(5) + v.lane(13));
        float s2 = (v.lane(2) + v.lane(10)) + (v.lane(6) + v.lane(14));
        float s3 = (v.lane(3) + v.lane(11)) + (v.lane(7) + v.lane(15));
        return (s0 + s2) + (s1 + s3);
    }

    @Override
    public void widen(
            byte[] source,
            int sourceOffset,
            boolean unsigned,
            float[] target,
            int targetOffset,
            int count) {
        int i = 0;
        int mask = unsigned ? 0xFF : -1;
        if (WIDTH >= 8) {
            VectorSpecies<Byte> bytes = WIDE ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
            VectorSpecies<Integer> ints = WIDE ? IntVector.SPECIES_512 : IntVector.SPECIES_256;
            for (; i + WIDTH <= count; i += WIDTH) {
                ByteVector narrow = ByteVector.fromArray(bytes, source, sourceOffset + i);
                IntVector wide =
                        ((IntVector) narrow.convertShape(VectorOperators.B2I, ints, 0)).and(mask);
                ((FloatVector) wide.convertShape(VectorOperators.I2F, FLOATS, 0))
                        .intoArray(target, targetOffset + i);
            }
        }
        for (; i < count; i++) {
            target[targetOffset + i] = source[sourceOffset + i] & mask;
        }
    }

    @Override
    public void widen(
            short[] source, int sourceOffset, float[] target, int targetOffset, int count) {
        int i = 0;
        if (WIDTH >= 8) {
            for (; i + WIDTH <= count; i += WIDTH) {
                SimdHalfRows.widened(FLOATS, source, sourceOffset + i)
                        .intoArray(target, targetOffset + i);
            }
        }
        Kernels.super.widen(source, sourceOffset + i, target, targetOffset + i, count - i);
    }

    @Override
    public void accumulate(float[] row, int rowOffset, double[] sums, int offset, int d) {
        int j = 0;
        if (WIDE) {
            for (; j + 16 <= d; j += 16) {
                FloatVector v = FloatVector.fromArray(FLOATS, row, rowOffset + j);
                DoubleVector low =
                        (DoubleVector)
                                v.convertShape(VectorOperators.F2D, DoubleVector.SPECIES_512, 0);
                DoubleVector high =
                        (DoubleVector)
                                v.convertShape(VectorOperators.F2D, DoubleVector.SPECIES_512, 1);
                low.add(DoubleVector.fromArray(DoubleVector.SPECIES_512, sums, offset + j))
                        .intoArray(sums, offset + j);
                high.add(DoubleVector.fromArray(DoubleVector.SPECIES_512, sums, offset + j + 8))
                        .intoArray(sums, offset + j + 8);
            }
        }
        for (; j < d; j++) {
            sums[offset + j] += row[rowOffset + j];
        }
    }
}
