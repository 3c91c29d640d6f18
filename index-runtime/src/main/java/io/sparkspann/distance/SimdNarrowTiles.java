package io.sparkspann.distance;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tile kernels for machines with registers of 128 or 256 bits: a block of 16 lanes is worked off in
 * pairs of registers, 4 queries at a time, which needs 8 accumulators of the 16 registers there
 * are.
 */
final class SimdNarrowTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final int LANES = VerticalBlocks.LANES;

    private SimdNarrowTiles() {}

    static void score(
            float[] queries,
            int[] offsets,
            int queryCount,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] scores,
            int[] targets) {
        for (int b = 0; b < blockCount; b++) {
            for (int l = 0; l < LANES; l += 2 * WIDTH) {
                for (int i = 0; i < queryCount; i += 4) {
                    tile4x2(
                            queries,
                            offsets,
                            i,
                            queryCount - 1,
                            blocks,
                            (firstBlock + b) * LANES + l,
                            scores,
                            targets,
                            b * LANES + l);
                }
            }
        }
    }

    private static void tile4x2(
            float[] q,
            int[] offsets,
            int i,
            int last,
            VerticalBlocks blocks,
            int blockLane,
            float[] out,
            int[] targets,
            int lane) {
        float[] x = blocks.components();
        int d = blocks.dimensions();
        int b = blockLane / LANES * d * LANES + blockLane % LANES;
        int o0 = offsets[i];
        int o1 = offsets[Math.min(i + 1, last)];
        int o2 = offsets[Math.min(i + 2, last)];
        int o3 = offsets[Math.min(i + 3, last)];
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int j = 0; j < d; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, b + j * LANES);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, b + j * LANES + WIDTH);
            FloatVector t = FloatVector.broadcast(SPECIES, q[o0 + j]);
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
        FloatVector bias0 = FloatVector.fromArray(SPECIES, blocks.bias(), blockLane);
        FloatVector bias1 = FloatVector.fromArray(SPECIES, blocks.bias(), blockLane + WIDTH);
        FloatVector scale0 = FloatVector.fromArray(SPECIES, blocks.scale(), blockLane);
        FloatVector scale1 = FloatVector.fromArray(SPECIES, blocks.scale(), blockLane + WIDTH);
        store(a0.fma(scale0, bias0), b0.fma(scale1, bias1), out, targets[i] + lane);
        store(
                a1.fma(scale0, bias0),
                b1.fma(scale1, bias1),
                out,
                targets[Math.min(i + 1, last)] + lane);
        store(
                a2.fma(scale0, bias0),
                b2.fma(scale1, bias1),
                out,
                targets[Math.min(i + 2, last)] + lane);
        store(
                a3.fma(scale0, bias0),
                b3.fma(scale1, bias1),
                out,
                targets[Math.min(i + 3, last)] + lane);
    }

    private static void store(FloatVector low, FloatVector high, float[] out, int at) {
        low.intoArray(out, at);
        high.intoArray(out, at + WIDTH);
    }
}
