package io.sparkspann.distance;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One query against vectors of bytes, for machines with 512-bit registers: bytes are widened in
 * registers and never written as floats, which for a single query would cost more than the
 * distances. Sums are those of the tile kernels to the bit.
 */
final class SimdByteRows {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final int LANES = VerticalBlocks.LANES;

    private SimdByteRows() {}

    /**
     * Five blocks at a time, so that five sums are under way: on JDK 17 a block took 38 ns of 128
     * dimensions, in fours 61, in eights 41. The rest in threes; past the end the last block again.
     */
    static void score(
            float[] q, int o, ByteBlocks blocks, int firstBlock, int blockCount, float[] scores) {
        int last = blockCount - 1;
        int b = 0;
        for (; b + 3 < blockCount; b += 5) {
            row1x5(q, o, blocks, firstBlock, b, last, scores);
        }
        if (b < blockCount) {
            row1x3(q, o, blocks, firstBlock, b, last, scores);
        }
    }

    private static void row1x5(
            float[] q, int o, ByteBlocks blocks, int firstBlock, int block, int last, float[] out) {
        byte[] x = blocks.components();
        int mask = blocks.unsigned() ? 0xFF : -1;
        int d = blocks.dimensions();
        int size = d * LANES;
        int block1 = Math.min(block + 1, last);
        int block2 = Math.min(block + 2, last);
        int block3 = Math.min(block + 3, last);
        int block4 = Math.min(block + 4, last);
        int b0 = (firstBlock + block) * size;
        int b1 = (firstBlock + block1) * size;
        int b2 = (firstBlock + block2) * size;
        int b3 = (firstBlock + block3) * size;
        int b4 = (firstBlock + block4) * size;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        FloatVector a4 = FloatVector.zero(FLOATS);
        for (int j = 0; j < d; j++) {
            FloatVector t = FloatVector.broadcast(FLOATS, q[o + j]);
            int at = j * LANES;
            a0 = t.fma(widened(x, b0 + at, mask), a0);
            a1 = t.fma(widened(x, b1 + at, mask), a1);
            a2 = t.fma(widened(x, b2 + at, mask), a2);
            a3 = t.fma(widened(x, b3 + at, mask), a3);
            a4 = t.fma(widened(x, b4 + at, mask), a4);
        }
        finish(a0, blocks, firstBlock + block, out, block);
        finish(a1, blocks, firstBlock + block1, out, block1);
        finish(a2, blocks, firstBlock + block2, out, block2);
        finish(a3, blocks, firstBlock + block3, out, block3);
        finish(a4, blocks, firstBlock + block4, out, block4);
    }

    private static void row1x3(
            float[] q, int o, ByteBlocks blocks, int firstBlock, int block, int last, float[] out) {
        byte[] x = blocks.components();
        int mask = blocks.unsigned() ? 0xFF : -1;
        int d = blocks.dimensions();
        int size = d * LANES;
        int block1 = Math.min(block + 1, last);
        int block2 = Math.min(block + 2, last);
        int b0 = (firstBlock + block) * size;
        int b1 = (firstBlock + block1) * size;
        int b2 = (firstBlock + block2) * size;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        for (int j = 0; j < d; j++) {
            FloatVector t = FloatVector.broadcast(FLOATS, q[o + j]);
            int at = j * LANES;
            a0 = t.fma(widened(x, b0 + at, mask), a0);
            a1 = t.fma(widened(x, b1 + at, mask), a1);
            a2 = t.fma(widened(x, b2 + at, mask), a2);
        }
        finish(a0, blocks, firstBlock + block, out, block);
        finish(a1, blocks, firstBlock + block1, out, block1);
        finish(a2, blocks, firstBlock + block2, out, block2);
    }

    private static FloatVector widened(byte[] bytes, int at, int mask) {
        IntVector ints =
                (IntVector)
                        ByteVector.fromArray(BYTES, bytes, at)
                                .convertShape(VectorOperators.B2I, INTS, 0);
        return (FloatVector) ints.and(mask).convertShape(VectorOperators.I2F, FLOATS, 0);
    }

    private static void finish(
            FloatVector dot, ByteBlocks blocks, int block, float[] out, int outBlock) {
        FloatVector bias = FloatVector.fromArray(FLOATS, blocks.bias(), block * LANES);
        dot.fma(FloatVector.fromArray(FLOATS, blocks.scale(), block * LANES), bias)
                .intoArray(out, outBlock * LANES);
    }
}
