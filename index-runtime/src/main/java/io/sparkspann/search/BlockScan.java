package io.sparkspann.search;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;

/**
 * Exact search by brute force over vectors in memory: every query against every vector, in tiles.
 */
public final class BlockScan {
    private static final int CHUNK = 256;

    private BlockScan() {}

    /**
     * @param firstOrdinal ordinal of the block's first vector; the others follow
     */
    public static void scan(
            QueryRows queries, VectorBlock vectors, long firstOrdinal, Collector collector) {
        int[] all = new int[queries.size()];
        Arrays.setAll(all, i -> i);
        scan(queries, new TileScorer.Numbers(all, 0, all.length), vectors, firstOrdinal, collector);
    }

    /** As the other one, for some of the queries. */
    public static void scan(
            QueryRows queries,
            TileScorer.Numbers numbers,
            VectorBlock vectors,
            long firstOrdinal,
            Collector collector) {
        VectorSpace space = queries.space();
        TileScorer scorer = new TileScorer(space);
        VerticalBlocks blocks = space.blocks();
        float[] scratch = new float[space.dimensions()];
        for (int from = 0; from < vectors.size(); from += CHUNK) {
            int count = Math.min(CHUNK, vectors.size() - from);
            blocks.resize(count);
            float maxSquaredNorm = 0;
            for (int i = 0; i < count; i++) {
                float norm = space.putStored(vectors, from + i, scratch, blocks, i);
                maxSquaredNorm = Math.max(maxSquaredNorm, norm);
            }
            long first = firstOrdinal + from;
            scorer.score(
                    queries,
                    numbers,
                    new TileScorer.Vectors(blocks, maxSquaredNorm, lane -> first + lane),
                    collector);
        }
    }
}
