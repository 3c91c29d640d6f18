package io.sparkspann.distance;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tile kernels for machines with 512-bit registers: one register is one block of 16 lanes.
 *
 * <p>Queries are broadcast, vector blocks are loaded once per 8 queries, and the 16 accumulators of
 * an 8 × 2 tile stay in registers; no kernel sums across lanes. On JDK 17 the compiled form is only
 * good when the whole JVM uses one float species (a second one makes {@code fma} a virtual call on
 * boxed vectors, 40 times slower), so this class and its one-to-one kernels use 512 bits
 * throughout, and the narrower machines have a class of their own.
 */
final class SimdWideTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int LANES = VerticalBlocks.LANES;

    private SimdWideTiles() {}

    static void score(
            float[] queries,
            int[] offsets,
            int queryCount,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] scores,
            int[] targets) {
        if (queryCount == 1) {
            row(queries, offsets[0], blocks, firstBlock, blockCount, scores, targets[0]);
            return;
        }
        int last = queryCount - 1;
        int b = 0;
        for (; b + 2 <= blockCount; b += 2) {
            int i = 0;
            for (; i + 4 < queryCount; i += 8) {
                tile8x2(
                        queries,
                        offsets,
                        i,
                        last,
                        blocks,
                        firstBlock + b,
                        scores,
                        targets,
                        b * LANES);
            }
            if (i < queryCount) {
                tile4x2(
                        queries,
                        offsets,
                        i,
                        last,
                        blocks,
                        firstBlock + b,
                        scores,
                        targets,
                        b * LANES);
            }
        }
        if (b < blockCount) {
            int i = 0;
            for (; i + 4 < queryCount; i += 8) {
                tile8x1(
                        queries,
                        offsets,
                        i,
                        last,
                        blocks,
                        firstBlock + b,
                        scores,
                        targets,
                        b * LANES);
            }
            if (i < queryCount) {
                tile4x1(
                        queries,
                        offsets,
                        i,
                        last,
                        blocks,
                        firstBlock + b,
                        scores,
                        targets,
                        b * LANES);
            }
        }
    }

    /**
     * One query: four blocks at a time; past the end the last block is computed again. The order of
     * the sums is that of a tile.
     */
    private static void row(
            float[] q,
            int o,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] out,
            int target) {
        for (int b = 0; b < blockCount; b += 4) {
            row1x4(q, o, blocks, firstBlock, b, blockCount - 1, out, target);
        }
    }

    private static void tile8x2(
            float[] q,
            int[] offsets,
            int i,
            int last,
            VerticalBlocks blocks,
            int block,
            float[] out,
            int[] targets,
            int lane) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int b = block * d * LANES;
        int c = b + d * LANES;
        int o0 = offsets[Math.min(i + 0, last)];
        int o1 = offsets[Math.min(i + 1, last)];
        int o2 = offsets[Math.min(i + 2, last)];
        int o3 = offsets[Math.min(i + 3, last)];
        int o4 = offsets[Math.min(i + 4, last)];
        int o5 = offsets[Math.min(i + 5, last)];
        int o6 = offsets[Math.min(i + 6, last)];
        int o7 = offsets[Math.min(i + 7, last)];
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        FloatVector b0 = a0;
        FloatVector b1 = a1;
        FloatVector b2 = a2;
        FloatVector b3 = a3;
        FloatVector b4 = a4;
        FloatVector b5 = a5;
        FloatVector b6 = a6;
        FloatVector b7 = a7;
        for (int j = 0; j < d; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, b + j * LANES);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, c + j * LANES);
            FloatVector t;
            t = FloatVector.broadcast(SPECIES, q[o0 + j]);
            a0 = t.fma(x0, a0);
            b0 = t.fma(x1, b0);
            t = FloatVector.broadcast(SPECIES, q[o1 + j]);
            a1 = t.fma(x0, a1);
            b1 = t.fma(x1, b1);
            t = FloatVector.broadcast(SPECIES, q[o2 + j]);
            a2 = t.fma(x0, a2);
            b2 = t.fma(x1, b2);
            t = FloatVector.broadcast(SPECIES, q[o3 + j]);
            a3 = t.fma(x0, a3);
            b3 = t.fma(x1, b3);
            t = FloatVector.broadcast(SPECIES, q[o4 + j]);
            a4 = t.fma(x0, a4);
            b4 = t.fma(x1, b4);
            t = FloatVector.broadcast(SPECIES, q[o5 + j]);
            a5 = t.fma(x0, a5);
            b5 = t.fma(x1, b5);
            t = FloatVector.broadcast(SPECIES, q[o6 + j]);
            a6 = t.fma(x0, a6);
            b6 = t.fma(x1, b6);
            t = FloatVector.broadcast(SPECIES, q[o7 + j]);
            a7 = t.fma(x0, a7);
            b7 = t.fma(x1, b7);
        }
        FloatVector bias = FloatVector.fromArray(SPECIES, blocks.bias(), block * LANES);
        FloatVector scale = FloatVector.fromArray(SPECIES, blocks.scale(), block * LANES);
        a0.fma(scale, bias).intoArray(out, targets[Math.min(i + 0, last)] + lane);
        a1.fma(scale, bias).intoArray(out, targets[Math.min(i + 1, last)] + lane);
        a2.fma(scale, bias).intoArray(out, targets[Math.min(i + 2, last)] + lane);
        a3.fma(scale, bias).intoArray(out, targets[Math.min(i + 3, last)] + lane);
        a4.fma(scale, bias).intoArray(out, targets[Math.min(i + 4, last)] + lane);
        a5.fma(scale, bias).intoArray(out, targets[Math.min(i + 5, last)] + lane);
        a6.fma(scale, bias).intoArray(out, targets[Math.min(i + 6, last)] + lane);
        a7.fma(scale, bias).intoArray(out, targets[Math.min(i + 7, last)] + lane);
        bias = FloatVector.fromArray(SPECIES, blocks.bias(), block * LANES + LANES);
        scale = FloatVector.fromArray(SPECIES, blocks.scale(), block * LANES + LANES);
        b0.fma(scale, bias).intoArray(out, targets[Math.min(i + 0, last)] + lane + LANES);
        b1.fma(scale, bias).intoArray(out, targets[Math.min(i + 1, last)] + lane + LANES);
        b2.fma(scale, bias).intoArray(out, targets[Math.min(i + 2, last)] + lane + LANES);
        b3.fma(scale, bias).intoArray(out, targets[Math.min(i + 3, last)] + lane + LANES);
        b4.fma(scale, bias).intoArray(out, targets[Math.min(i + 4, last)] + lane + LANES);
        b5.fma(scale, bias).intoArray(out, targets[Math.min(i + 5, last)] + lane + LANES);
        b6.fma(scale, bias).intoArray(out, targets[Math.min(i + 6, last)] + lane + LANES);
        b7.fma(scale, bias).intoArray(out, targets[Math.min(i + 7, last)] + lane + LANES);
    }

    private static void tile8x1(
            float[] q,
            int[] offsets,
            int i,
            int last,
            VerticalBlocks blocks,
            int block,
            float[] out,
            int[] targets,
            int lane) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int b = block * d * LANES;
        int o0 = offsets[Math.min(i + 0, last)];
        int o1 = offsets[Math.min(i + 1, last)];
        int o2 = offsets[Math.min(i + 2, last)];
        int o3 = offsets[Math.min(i + 3, last)];
        int o4 = offsets[Math.min(i + 4, last)];
        int o5 = offsets[Math.min(i + 5, last)];
        int o6 = offsets[Math.min(i + 6, last)];
        int o7 = offsets[Math.min(i + 7, last)];
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        for (int j = 0; j < d; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, b + j * LANES);
            FloatVector t;
            t = FloatVector.broadcast(SPECIES, q[o0 + j]);
            a0 = t.fma(x0, a0);
            t = FloatVector.broadcast(SPECIES, q[o1 + j]);
            a1 = t.fma(x0, a1);
            t = FloatVector.broadcast(SPECIES, q[o2 + j]);
            a2 = t.fma(x0, a2);
            t = FloatVector.broadcast(SPECIES, q[o3 + j]);
            a3 = t.fma(x0, a3);
            t = FloatVector.broadcast(SPECIES, q[o4 + j]);
            a4 = t.fma(x0, a4);
            t = FloatVector.broadcast(SPECIES, q[o5 + j]);
            a5 = t.fma(x0, a5);
            t = FloatVector.broadcast(SPECIES, q[o6 + j]);
            a6 = t.fma(x0, a6);
            t = FloatVector.broadcast(SPECIES, q[o7 + j]);
            a7 = t.fma(x0, a7);
        }
        FloatVector bias = FloatVector.fromArray(SPECIES, blocks.bias(), block * LANES);
        FloatVector scale = FloatVector.fromArray(SPECIES, blocks.scale(), block * LANES);
        a0.fma(scale, bias).intoArray(out, targets[Math.min(i + 0, last)] + lane);
        a1.fma(scale, bias).intoArray(out, targets[Math.min(i + 1, last)] + lane);
        a2.fma(scale, bias).intoArray(out, targets[Math.min(i + 2, last)] + lane);
        a3.fma(scale, bias).intoArray(out, targets[Math.min(i + 3, last)] + lane);
        a4.fma(scale, bias).intoArray(out, targets[Math.min(i + 4, last)] + lane);
        a5.fma(scale, bias).intoArray(out, targets[Math.min(i + 5, last)] + lane);
        a6.fma(scale, bias).intoArray(out, targets[Math.min(i + 6, last)] + lane);
        a7.fma(scale, bias).intoArray(out, targets[Math.min(i + 7, last)] + lane);
    }

    private static void tile4x2(
            float[] q,
            int[] offsets,
            int i,
            int last,
            VerticalBlocks blocks,
            int block,
            float[] out,
            int[] targets,
            int lane) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int b = block * d * LANES;
        int c = b + d * LANES;
        int o0 = offsets[Math.min(i + 0, last)];
        int o1 = offsets[Math.min(i + 1, last)];
        int o2 = offsets[Math.min(i + 2, last)];
        int o3 = offsets[Math.min(i + 3, last)];
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = a0;
        FloatVector b1 = a1;
        FloatVector b2 = a2;
        FloatVector b3 = a3;
        for (int j = 0; j < d; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, b + j * LANES);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, c + j * LANES);
            FloatVector t;
            t = FloatVector.broadcast(SPECIES, q[o0 + j]);
            a0 = t.fma(x0, a0);
            b0 = t.fma(x1, b0);
            t = FloatVector.broadcast(SPECIES, q[o1 + j]);
            a1 = t.fma(x0, a1);
            b1 = t.fma(x1, b1);
            t = FloatVector.broadcast(SPECIES, q[o2 + j]);
            a2 = t.fma(x0, a2);
            b2 = t.fma(x1, b2);
            t = FloatVector.broadcast(SPECIES, q[o3 + j]);
            a3 = t.fma(x0, a3);
            b3 = t.fma(x1, b3);
        }
        FloatVector bias = FloatVector.fromArray(SPECIES, blocks.bias(), block * LANES);
        FloatVector scale = FloatVector.fromArray(SPECIES, blocks.scale(), block * LANES);
        a0.fma(scale, bias).intoArray(out, targets[Math.min(i + 0, last)] + lane);
        a1.fma(scale, bias).intoArray(out, targets[Math.min(i + 1, last)] + lane);
        a2.fma(scale, bias).intoArray(out, targets[Math.min(i + 2, last)] + lane);
        a3.fma(scale, bias).intoArray(out, targets[Math.min(i + 3, last)] + lane);
        bias = FloatVector.fromArray(SPECIES, blocks.bias(), block * LANES + LANES);
        scale = FloatVector.fromArray(SPECIES, blocks.scale(), block * LANES + LANES);
        b0.fma(scale, bias).intoArray(out, targets[Math.min(i + 0, last)] + lane + LANES);
        b1.fma(scale, bias).intoArray(out, targets[Math.min(i + 1, last)] + lane + LANES);
        b2.fma(scale, bias).intoArray(out, targets[Math.min(i + 2, last)] + lane + LANES);
        b3.fma(scale, bias).intoArray(out, targets[Math.min(i + 3, last)] + lane + LANES);
    }

    private static void tile4x1(
            float[] q,
            int[] offsets,
            int i,
            int last,
            VerticalBlocks blocks,
            int block,
            float[] out,
            int[] targets,
            int lane) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int b = block * d * LANES;
        int o0 = offsets[Math.min(i + 0, last)];
        int o1 = offsets[Math.min(i + 1, last)];
        int o2 = offsets[Math.min(i + 2, last)];
        int o3 = offsets[Math.min(i + 3, last)];
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        for (int j = 0; j < d; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, b + j * LANES);
            FloatVector t;
            t = FloatVector.broadcast(SPECIES, q[o0 + j]);
            a0 = t.fma(x0, a0);
            t = FloatVector.broadcast(SPECIES, q[o1 + j]);
            a1 = t.fma(x0, a1);
            t = FloatVector.broadcast(SPECIES, q[o2 + j]);
            a2 = t.fma(x0, a2);
            t = FloatVector.broadcast(SPECIES, q[o3 + j]);
            a3 = t.fma(x0, a3);
        }
        FloatVector bias = FloatVector.fromArray(SPECIES, blocks.bias(), block * LANES);
        FloatVector scale = FloatVector.fromArray(SPECIES, blocks.scale(), block * LANES);
        a0.fma(scale, bias).intoArray(out, targets[Math.min(i + 0, last)] + lane);
        a1.fma(scale, bias).intoArray(out, targets[Math.min(i + 1, last)] + lane);
        a2.fma(scale, bias).intoArray(out, targets[Math.min(i + 2, last)] + lane);
        a3.fma(scale, bias).intoArray(out, targets[Math.min(i + 3, last)] + lane);
    }

    private static void row1x4(
            float[] q,
            int o,
            VerticalBlocks blocks,
            int firstBlock,
            int block,
            int last,
            float[] out,
            int target) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int size = d * LANES;
        int block1 = Math.min(block + 1, last);
        int block2 = Math.min(block + 2, last);
        int block3 = Math.min(block + 3, last);
        int b0 = (firstBlock + block) * size;
        int b1 = (firstBlock + block1) * size;
        int b2 = (firstBlock + block2) * size;
        int b3 = (firstBlock + block3) * size;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        for (int j = 0; j < d; j++) {
            FloatVector t = FloatVector.broadcast(SPECIES, q[o + j]);
            a0 = t.fma(FloatVector.fromArray(SPECIES, x, b0 + j * LANES), a0);
            a1 = t.fma(FloatVector.fromArray(SPECIES, x, b1 + j * LANES), a1);
            a2 = t.fma(FloatVector.fromArray(SPECIES, x, b2 + j * LANES), a2);
            a3 = t.fma(FloatVector.fromArray(SPECIES, x, b3 + j * LANES), a3);
        }
        finish(a0, blocks, (firstBlock + block) * LANES, out, target + block * LANES);
        finish(a1, blocks, (firstBlock + block1) * LANES, out, target + block1 * LANES);
        finish(a2, blocks, (firstBlock + block2) * LANES, out, target + block2 * LANES);
        finish(a3, blocks, (firstBlock + block3) * LANES, out, target + block3 * LANES);
    }

    private static void finish(
            FloatVector dot, VerticalBlocks blocks, int lane, float[] out, int at) {
        FloatVector bias = FloatVector.fromArray(SPECIES, blocks.bias(), lane);
        dot.fma(FloatVector.fromArray(SPECIES, blocks.scale(), lane), bias).intoArray(out, at);
    }
}
