package io.sparkspann.bench;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.Half;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the tile kernel works on: 64 queries and 240 vectors, which the L2 cache holds. */
@State(Scope.Thread)
public class TileData {
    static final int QUERIES = 64;
    static final int VECTORS = 240;
    static final int PAIRS = QUERIES * VECTORS;

    @Param({"100", "128", "768", "960"})
    public int dimensions;

    final Kernels kernels = KernelProvider.kernels();
    final float[] scores = new float[PAIRS];
    final int[] offsets = new int[QUERIES];
    int[] targets;
    float[] queries;
    byte[] stored;
    short[] halfs;
    VerticalBlocks blocks;

    @Setup
    public void fill() {
        Random random = new Random(42);
        stored = new byte[VECTORS * dimensions];
        random.nextBytes(stored);
        float[] widened = new float[stored.length];
        kernels.widen(stored, 0, true, widened, 0, stored.length);
        blocks = Geometry.euclidean(dimensions).pack(widened, 0, VECTORS);
        halfs = new short[widened.length];
        for (int i = 0; i < halfs.length; i++) {
            halfs[i] = Half.ofFloat(widened[i]);
        }
        queries = new float[QUERIES * dimensions];
        for (int i = 0; i < queries.length; i++) {
            queries[i] = random.nextInt(256);
        }
        targets = Kernels.rowTargets(QUERIES, blocks.blockCount() * VerticalBlocks.LANES);
        for (int i = 0; i < QUERIES; i++) {
            offsets[i] = i * dimensions;
        }
    }
}
