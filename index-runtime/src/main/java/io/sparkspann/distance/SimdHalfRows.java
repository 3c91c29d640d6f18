package io.sparkspann.distance;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One query against vectors of halfs, for machines with 512-bit registers, as {@link SimdByteRows}.
 * Sums are those of the tile kernels to the bit.
 */
final class SimdHalfRows {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final int LANES = VerticalBlocks.LANES;

    private SimdHalfRows() {}

    /** Four blocks at a time, so that four sums are under way; past the end the last again. */
    static void score(
            float[] q, int o, HalfBlocks blocks, int firstBlock, int blockCount, float[] scores) {
        int last = blockCount - 1;
        for (int b = 0; b < blockCount; b += 4) {
            row1x4(q, o, blocks, firstBlock, b, last, scores);
        }
    }

    private static void row1x4(
            float[] q, int o, HalfBlocks blocks, int firstBlock, int block, int last, float[] out) {
        short[] x = blocks.components();
        int d = blocks.dimensions();
        int size = d * LANES;
        int block1 = Math.min(block + 1, last);
        int block2 = Math.min(block + 2, last);
        int block3 = Math.min(block + 3, last);
        int b0 = (firstBlock + block) * size;
        int b1 = (firstBlock + block1) * size;
        int b2 = (firstBlock + block2) * size;
        int b3 = (firstBlock + block3) * size;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = FloatVector.zero(FLOATS);
        FloatVector a2 = FloatVector.zero(FLOATS);
        FloatVector a3 = FloatVector.zero(FLOATS);
        for (int j = 0; j < d; j++) {
            FloatVector t = FloatVector.broadcast(FLOATS, q[o + j]);
            int at = j * LANES;
            a0 = t.fma(widened(FLOATS, x, b0 + at), a0);
            a1 = t.fma(widened(FLOATS, x, b1 + at), a1);
            a2 = t.fma(widened(FLOATS, x, b2 + at), a2);
            a3 = t.fma(widened(FLOATS, x, b3 + at), a3);
        }
        finish(a0, blocks, firstBlock + block, out, block);
        finish(a1, blocks, firstBlock + block1, out, block1);
        finish(a2, blocks, firstBlock + block2, out, block2);
        finish(a3, blocks, firstBlock + block3, out, block3);
    }

    /**
     * As many halfs as a register of floats has lanes, at least 8: see {@link
     * io.sparkspann.vector.Half#finiteToFloat}.
     */
    static FloatVector widened(VectorSpecies<Float> floats, short[] halfs, int at) {
        boolean wide = floats.length() == LANES;
        VectorSpecies<Short> shorts = wide ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;
        VectorSpecies<Integer> ints = wide ? IntVector.SPECIES_512 : IntVector.SPECIES_256;
        IntVector bits =
                (IntVector)
                        ShortVector.fromArray(shorts, halfs, at)
                                .convertShape(VectorOperators.S2I, ints, 0);
        return bits.lanewise(VectorOperators.LSHL, 13)
                .and(0x8FFF_E000)
                .reinterpretAsFloats()
                .mul(0x1p112f);
    }

    private static void finish(
            FloatVector dot, HalfBlocks blocks, int block, float[] out, int outBlock) {
        FloatVector bias = FloatVector.fromArray(FLOATS, blocks.bias(), block * LANES);
        dot.fma(FloatVector.fromArray(FLOATS, blocks.scale(), block * LANES), bias)
                .intoArray(out, outBlock * LANES);
    }
}
