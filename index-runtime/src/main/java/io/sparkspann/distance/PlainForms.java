package io.sparkspann.distance;

/** The tile kernel in plain Java for forms other than the dot product. */
final class PlainForms {
    private static final int LANES = VerticalBlocks.LANES;

    private PlainForms() {}

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
        int d = blocks.dimensions();
        boolean jaccard = blocks.form() == ScoreForm.JACCARD;
        for (int i = 0; i < queryCount; i++) {
            int setBits = jaccard ? BitWords.count(queries, offsets[i], d) : 0;
            for (int b = firstBlock; b < firstBlock + blockCount; b++) {
                int out = targets[i] + (b - firstBlock) * LANES;
                clear(scores, out);
                for (int j = 0; j < d; j++) {
                    float q = queries[offsets[i] + j];
                    add(blocks, q, (b * d + j) * LANES, scores, out);
                }
                FormScores.finish(blocks, setBits, b * LANES, scores, out);
            }
        }
    }

    private static void clear(float[] scores, int out) {
        for (int l = 0; l < LANES; l++) {
            scores[out + l] = 0f;
        }
    }

    private static void add(VerticalBlocks blocks, float q, int from, float[] scores, int out) {
        float[] components = blocks.components();
        switch (blocks.form()) {
            case L1 -> addDifferences(q, components, from, scores, out);
            case HAMMING -> addDiffering(q, components, from, scores, out);
            case JACCARD -> addCommon(q, components, from, scores, out);
            case DOT -> throw new IllegalArgumentException("The dot product has its own kernel");
        }
    }

    private static void addDifferences(
            float q, float[] components, int from, float[] scores, int out) {
        for (int l = 0; l < LANES; l++) {
            scores[out + l] += Math.abs(q - components[from + l]);
        }
    }

    private static void addDiffering(
            float q, float[] components, int from, float[] scores, int out) {
        int word = Float.floatToRawIntBits(q);
        for (int l = 0; l < LANES; l++) {
            scores[out + l] += Integer.bitCount(word ^ BitWords.word(components, from + l));
        }
    }

    private static void addCommon(float q, float[] components, int from, float[] scores, int out) {
        int word = Float.floatToRawIntBits(q);
        for (int l = 0; l < LANES; l++) {
            scores[out + l] += Integer.bitCount(word & BitWords.word(components, from + l));
        }
    }
}
