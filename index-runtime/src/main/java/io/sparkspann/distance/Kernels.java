package io.sparkspann.distance;

import io.sparkspann.vector.Half;

/**
 * The inner loops: everything that touches vector components in bulk.
 *
 * <p>Two implementations exist, one on the Vector API and one in plain Java; {@link KernelProvider}
 * chooses once. Results are the same to the bit, for they end up in index files, and the machines
 * of a cluster differ: tile scores are fused multiply-adds in the order of the components;
 * one-to-one kernels have 32 partial sums, added up by halves. Kernels do not check their arguments
 * beyond array bounds; callers do. Thread-safe: no state.
 */
public interface Kernels {
    /** What runs, for logs and {@code info}: such as {@code vector-api 512 bit}. */
    String name();

    /**
     * The tile kernel: scores of many queries against many vectors.
     *
     * <p>The score of query {@code i} and lane {@code l} of the given blocks goes to {@code
     * scores[targets[i] + l]}; what it is the {@link VerticalBlocks#form form} of the blocks says.
     *
     * @param queries rows of {@code blocks.dimensions()} floats
     * @param offsets where each query's row starts in {@code queries}
     * @param queryCount how many of {@code offsets} to use, at least 1
     * @param blocks the vectors
     * @param firstBlock first block of 16 lanes to score
     * @param blockCount number of blocks to score
     * @param scores written
     * @param targets for each query where its {@code 16 blockCount} scores go in {@code scores}
     */
    void score(
            float[] queries,
            int[] offsets,
            int queryCount,
            VerticalBlocks blocks,
            int firstBlock,
            int blockCount,
            float[] scores,
            int[] targets);

    /** Targets that put rows of {@code length} scores one after another. */
    static int[] rowTargets(int rows, int length) {
        int[] targets = new int[rows];
        for (int i = 0; i < rows; i++) {
            targets[i] = i * length;
        }
        return targets;
    }

    /**
     * Scores of one query against vectors of bytes, the same to the bit as those of {@link #score}
     * against the widened vectors.
     *
     * @param queries a row of {@code blocks.dimensions()} floats starts at {@code offset}
     * @param firstBlock first block of 16 lanes to score
     * @param blockCount number of blocks to score, at least 1
     * @param wide a buffer of the caller, of the same dimension, for kernels that widen first; its
     *     form says what is computed
     * @param scores {@code 16 blockCount}, written
     */
    default void scoreBytes(
            float[] queries,
            int offset,
            ByteBlocks blocks,
            int firstBlock,
            int blockCount,
            VerticalBlocks wide,
            float[] scores) {
        blocks.widen(firstBlock, blockCount, wide);
        score(queries, new int[] {offset}, 1, wide, 0, blockCount, scores, new int[1]);
    }

    /** As {@link #scoreBytes}, against vectors of halfs. */
    default void scoreHalfs(
            float[] queries,
            int offset,
            HalfBlocks blocks,
            int firstBlock,
            int blockCount,
            VerticalBlocks wide,
            float[] scores) {
        blocks.widen(firstBlock, blockCount, wide);
        score(queries, new int[] {offset}, 1, wide, 0, blockCount, scores, new int[1]);
    }

    /**
     * Finds the scores that are at most a threshold.
     *
     * @param from first index in {@code scores}
     * @param count number of scores to look at, a multiple of 16
     * @param found receives indices relative to {@code from}, ascending; at least {@code count}
     *     long
     * @return how many were found
     */
    int atMost(float[] scores, int from, int count, float threshold, int[] found);

    /**
     * Whether any score is at most a threshold.
     *
     * @param count number of scores to look at, a multiple of 16
     */
    boolean anyAtMost(float[] scores, int from, int count, float threshold);

    /**
     * Index relative to {@code from} of the smallest of {@code count} scores (a multiple of 16);
     * the first of equals.
     */
    int argMin(float[] scores, int from, int count);

    /** {@code sum (a_i - b_i)^2} over {@code d} components. */
    float squaredL2(float[] a, int aOffset, float[] b, int bOffset, int d);

    /** {@code sum |a_i - b_i|} over {@code d} components, one after another. */
    default float l1(float[] a, int aOffset, float[] b, int bOffset, int d) {
        float sum = 0;
        for (int j = 0; j < d; j++) {
            sum += Math.abs(a[aOffset + j] - b[bOffset + j]);
        }
        return sum;
    }

    /** {@code sum a_i b_i} over {@code d} components. */
    float dot(float[] a, int aOffset, float[] b, int bOffset, int d);

    /** Widens {@code count} bytes, unsigned (0..255) or signed, to floats. */
    void widen(
            byte[] source,
            int sourceOffset,
            boolean unsigned,
            float[] target,
            int targetOffset,
            int count);

    /** Widens {@code count} halfs, see {@link io.sparkspann.vector.Half}, to floats; all finite. */
    default void widen(
            short[] source, int sourceOffset, float[] target, int targetOffset, int count) {
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = Half.finiteToFloat(source[sourceOffset + i]);
        }
    }

    /** {@code sums[offset + i] += row[rowOffset + i]} for {@code d} components. */
    void accumulate(float[] row, int rowOffset, double[] sums, int offset, int d);
}
