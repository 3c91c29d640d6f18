package io.sparkspann.search;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import java.util.function.IntToLongFunction;

/**
 * Scores queries against packed vectors by the tile kernel and offers what may enter to the
 * queries' lists, scored again exactly. One instance serves one thread.
 */
public final class TileScorer {
    private static final int TILE_QUERIES = 64;
    private static final int TILE_BLOCKS = 16;

    private final Kernels kernels = KernelProvider.kernels();
    private final VectorSpace space;
    private final float[] scores = new float[TILE_QUERIES * TILE_BLOCKS * VerticalBlocks.LANES];
    private final int[] found = new int[TILE_BLOCKS * VerticalBlocks.LANES];
    private final int[] offsets = new int[TILE_QUERIES];
    private final int[] targets = new int[TILE_QUERIES];

    public TileScorer(VectorSpace space) {
        this.space = space;
    }

    /**
     * Some queries.
     *
     * @param numbers query numbers
     * @param from first position in {@code numbers}
     * @param to position after the last one
     */
    public record Numbers(int[] numbers, int from, int to) {}

    /**
     * Packed vectors.
     *
     * @param blocks components as stored, with bias and scale
     * @param maxSquaredNorm greatest squared norm among them
     * @param ordinals ordinal of a lane
     */
    public record Vectors(
            VerticalBlocks blocks, float maxSquaredNorm, IntToLongFunction ordinals) {}

    /** Scores all pairs. */
    public void score(QueryRows queries, Numbers numbers, Vectors vectors, Collector collector) {
        int blockCount = vectors.blocks().blockCount();
        for (int b = 0; b < blockCount; b += TILE_BLOCKS) {
            int blocks = Math.min(TILE_BLOCKS, blockCount - b);
            for (int q = numbers.from(); q < numbers.to(); q += TILE_QUERIES) {
                int end = Math.min(numbers.to(), q + TILE_QUERIES);
                scoreTile(
                        queries,
                        new Numbers(numbers.numbers(), q, end),
                        vectors,
                        b,
                        blocks,
                        collector);
            }
        }
    }

    private void scoreTile(
            QueryRows queries,
            Numbers tile,
            Vectors vectors,
            int firstBlock,
            int blocks,
            Collector collector) {
        int d = space.dimensions();
        int count = tile.to() - tile.from();
        int lanes = blocks * VerticalBlocks.LANES;
        for (int i = 0; i < count; i++) {
            offsets[i] = tile.numbers()[tile.from() + i] * d;
            targets[i] = i * lanes;
        }
        kernels.score(
                queries.scored(),
                offsets,
                count,
                vectors.blocks(),
                firstBlock,
                blocks,
                scores,
                targets);
        for (int i = 0; i < count; i++) {
            int query = tile.numbers()[tile.from() + i];
            float limit =
                    space.scoreLimit(
                            collector.limit(query), queries.term(query), vectors.maxSquaredNorm());
            int hits = kernels.atMost(scores, i * lanes, lanes, limit, found);
            for (int h = 0; h < hits; h++) {
                int lane = firstBlock * VerticalBlocks.LANES + found[h];
                if (lane < vectors.blocks().size()) {
                    float key =
                            exactKey(queries, query, vectors, lane, scores[i * lanes + found[h]]);
                    collector.offer(query, key, vectors.ordinals().applyAsLong(lane));
                }
            }
        }
    }

    private float exactKey(QueryRows queries, int query, Vectors vectors, int lane, float score) {
        return queries.integers()
                ? space.keyOfExactScore(score, queries.term(query))
                : space.exactKey(
                        queries.rows(), query * space.dimensions(), vectors.blocks(), lane);
    }
}
