package io.sparkspann.distance;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tile kernel on the Vector API for forms other than the dot product: four queries at a time
 * against the lanes of a register, or one query.
 */
final class SimdForms {
    private static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() >= 16
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = VerticalBlocks.LANES;
    private static final int TILE = 4;

    /** Words whose counts of bits fit four bits: 3 times 4. */
    private static final int NIBBLE_WORDS = 3;

    /** Words whose counts of bits fit a byte. */
    private static final int BYTE_WORDS = 30;

    private SimdForms() {}

    /** See {@link Kernels#score}. */
    static void score(
            float[] queries,
            int[] offsets,
            int queryCount,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] scores,
            int[] targets) {
        boolean bits = blocks.form() != ScoreForm.L1;
        boolean jaccard = blocks.form() == ScoreForm.JACCARD;
        int whole = bits ? 0 : queryCount / TILE * TILE;
        for (int b = 0; b < blockCount; b++) {
            int block = (firstBlock + b) * blocks.dimensions() * LANES;
            for (int l = 0; l < LANES; l += WIDTH) {
                int out = b * LANES + l;
                for (int i = 0; i < whole; i += TILE) {
                    tile(queries, offsets, i, blocks, block + l, scores, targets, out);
                }
                for (int i = whole; i < queryCount; i++) {
                    int at = targets[i] + out;
                    if (bits) {
                        count(queries, offsets[i], blocks, block + l, jaccard, scores, at);
                    } else {
                        differences(queries, offsets[i], blocks, block + l, scores, at);
                    }
                }
            }
        }
        finish(queries, offsets, queryCount, blocks, firstBlock, blockCount, scores, targets);
    }

    private static void finish(
            float[] queries,
            int[] offsets,
            int queryCount,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] scores,
            int[] targets) {
        boolean jaccard = blocks.form() == ScoreForm.JACCARD;
        for (int i = 0; i < queryCount; i++) {
            int setBits = jaccard ? BitWords.count(queries, offsets[i], blocks.dimensions()) : 0;
            for (int b = 0; b < blockCount; b++) {
                int lane = (firstBlock + b) * LANES;
                FormScores.finish(blocks, setBits, lane, scores, targets[i] + b * LANES);
            }
        }
    }

    private static void tile(
            float[] q,
            int[] offsets,
            int i,
            VerticalBlocks blocks,
            int from,
            float[] out,
            int[] targets,
            int lane) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int o0 = offsets[i];
        int o1 = offsets[i + 1];
        int o2 = offsets[i + 2];
        int o3 = offsets[i + 3];
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int j = 0; j < d; j++) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, from + j * LANES);
            a0 = a0.add(FloatVector.broadcast(FLOATS, q[o0 + j]).sub(v).abs());
            a1 = a1.add(FloatVector.broadcast(FLOATS, q[o1 + j]).sub(v).abs());
            a2 = a2.add(FloatVector.broadcast(FLOATS, q[o2 + j]).sub(v).abs());
            a3 = a3.add(FloatVector.broadcast(FLOATS, q[o3 + j]).sub(v).abs());
        }
        a0.intoArray(out, targets[i] + lane);
        a1.intoArray(out, targets[i + 1] + lane);
        a2.intoArray(out, targets[i + 2] + lane);
        a3.intoArray(out, targets[i + 3] + lane);
    }

    private static void differences(
            float[] q, int offset, VerticalBlocks blocks, int from, float[] out, int at) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < d; j++) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, from + j * LANES);
            sum = sum.add(FloatVector.broadcast(FLOATS, q[offset + j]).sub(v).abs());
        }
        sum.intoArray(out, at);
    }

    /** Counts of bits by shifts and sums, for few processors count those of a register at once. */
    private static void count(
            float[] q,
            int offset,
            VerticalBlocks blocks,
            int from,
            boolean common,
            float[] out,
            int at) {
        float[] x = blocks.components();
        int words = blocks.dimensions();
        IntVector zero = FloatVector.zero(FLOATS).reinterpretAsInts();
        IntVector sum = zero;
        int j = 0;
        while (j < words) {
            IntVector bytes = zero;
            int bytesEnd = Math.min(words, j + BYTE_WORDS);
            while (j < bytesEnd) {
                IntVector nibbles = zero;
                int end = Math.min(bytesEnd, j + NIBBLE_WORDS);
                for (; j < end; j++) {
                    IntVector v =
                            FloatVector.fromArray(FLOATS, x, from + j * LANES).reinterpretAsInts();
                    int word = BitWords.word(q, offset + j);
                    v = common ? v.and(word) : v.lanewise(VectorOperators.XOR, word);
                    v = v.sub(right(v, 1).and(0x55555555));
                    nibbles = nibbles.add(v.and(0x33333333).add(right(v, 2).and(0x33333333)));
                }
                bytes = bytes.add(nibbles.and(0x0F0F0F0F)).add(right(nibbles, 4).and(0x0F0F0F0F));
            }
            IntVector pairs = bytes.and(0x00FF00FF).add(right(bytes, 8).and(0x00FF00FF));
            sum = sum.add(pairs.and(0xFFFF)).add(right(pairs, 16));
        }
        ((FloatVector) sum.convert(VectorOperators.I2F, 0)).intoArray(out, at);
    }

    private static IntVector right(IntVector v, int bits) {
        return v.lanewise(VectorOperators.LSHR, bits);
    }
}
