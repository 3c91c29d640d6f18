package io.sparkspann.distance;

/**
 * Kernels in plain Java, for JVMs without the Vector API. The loops run over the 16 lanes of a
 * block in methods of their own, with constant bounds, because only in that shape the compiler
 * turns them into SIMD code. Sums are fused multiply-adds in the same order as in the Vector API
 * kernels, so both give the same bits.
 */
final class PlainKernels implements Kernels {
    private static final int LANES = VerticalBlocks.LANES;

    @Override
    public String name() {
        return "plain java";
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
            PlainForms.score(
                    queries, offsets, queryCount, blocks, firstBlock, blockCount, scores, targets);
            return;
        }
        int d = blocks.dimensions();
        for (int b = 0; b < blockCount; b++) {
            for (int i = 0; i < queryCount; i++) {
                int out = targets[i] + b * LANES;
                clear(scores, out);
                int block = (firstBlock + b) * d * LANES;
                for (int j = 0; j < d; j++) {
                    multiplyAdd(
                            queries[offsets[i] + j],
                            blocks.components(),
                            block + j * LANES,
                            scores,
                            out);
                }
                finish(blocks, (firstBlock + b) * LANES, scores, out);
            }
        }
    }

    private static void clear(float[] scores, int out) {
        for (int l = 0; l < LANES; l++) {
            scores[out + l] = 0f;
        }
    }

    private static void multiplyAdd(
            float q, float[] components, int from, float[] scores, int out) {
        for (int l = 0; l < LANES; l++) {
            scores[out + l] = Math.fma(q, components[from + l], scores[out + l]);
        }
    }

    private static void finish(VerticalBlocks blocks, int lane, float[] scores, int out) {
        float[] bias = blocks.bias();
        float[] scale = blocks.scale();
        for (int l = 0; l < LANES; l++) {
            scores[out + l] = Math.fma(scores[out + l], scale[lane + l], bias[lane + l]);
        }
    }

    @Override
    public int atMost(float[] scores, int from, int count, float threshold, int[] found) {
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (scores[from + i] <= threshold) {
                found[n++] = i;
            }
        }
        return n;
    }

    @Override
    public boolean anyAtMost(float[] scores, int from, int count, float threshold) {
        for (int i = 0; i < count; i++) {
            if (scores[from + i] <= threshold) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int argMin(float[] scores, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (scores[from + i] < scores[from + best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public float squaredL2(float[] a, int aOffset, float[] b, int bOffset, int d) {
        float[] sums = new float[2 * LANES];
        int whole = d / LANES * LANES;
        for (int j = 0; j < whole; j += LANES) {
            addSquares(a, aOffset + j, b, bOffset + j, sums, j & LANES);
        }
        float sum = sumOfLanes(sums);
        for (int j = whole; j < d; j++) {
            float difference = a[aOffset + j] - b[bOffset + j];
            sum += difference * difference;
        }
        return sum;
    }

    private static void addSquares(float[] a, int aAt, float[] b, int bAt, float[] sums, int at) {
        for (int l = 0; l < LANES; l++) {
            float difference = a[aAt + l] - b[bAt + l];
            sums[at + l] = Math.fma(difference, difference, sums[at + l]);
        }
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int d) {
        float[] sums = new float[2 * LANES];
        int whole = d / LANES * LANES;
        for (int j = 0; j < whole; j += LANES) {
            addProducts(a, aOffset + j, b, bOffset + j, sums, j & LANES);
        }
        float sum = sumOfLanes(sums);
        for (int j = whole; j < d; j++) {
            sum += a[aOffset + j] * b[bOffset + j];
        }
        return sum;
    }

    private static void addProducts(float[] a, int aAt, float[] b, int bAt, float[] sums, int at) {
        for (int l = 0; l < LANES; l++) {
            sums[at + l] = Math.fma(a[aAt + l], b[bAt + l], sums[at + l]);
        }
    }

    /** Adds upper halves to lower halves down to one lane. */
    private static float sumOfLanes(float[] sums) {
        for (int half = LANES; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                sums[l] += sums[l + half];
            }
        }
        return sums[0];
    }

    @Override
    public void widen(
            byte[] source,
            int sourceOffset,
            boolean unsigned,
            float[] target,
            int targetOffset,
            int count) {
        int mask = unsigned ? 0xFF : -1;
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = source[sourceOffset + i] & mask;
        }
    }

    @Override
    public void accumulate(float[] row, int rowOffset, double[] sums, int offset, int d) {
        for (int j = 0; j < d; j++) {
            sums[offset + j] += row[rowOffset + j];
        }
    }
}
