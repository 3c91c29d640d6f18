package io.sparkspann.distance;

/**
 * Turns sums of absolute differences and counts of bits into scores: the last step of the tile
 * kernel for forms other than the dot product, the same for all implementations.
 */
final class FormScores {
    private static final int LANES = VerticalBlocks.LANES;

    private FormScores() {}

    /**
     * Finishes the scores of a query and a block of 16 lanes.
     *
     * @param setBits number of bits of the query, for Jaccard
     * @param lane first lane of the block
     * @param scores sums or counts at {@code out}, replaced
     */
    static void finish(VerticalBlocks blocks, int setBits, int lane, float[] scores, int out) {
        if (blocks.form() == ScoreForm.JACCARD) {
            jaccard(blocks.scale(), setBits, lane, scores, out);
        }
        addBias(blocks.bias(), lane, scores, out);
    }

    private static void addBias(float[] bias, int lane, float[] scores, int out) {
        for (int l = 0; l < LANES; l++) {
            scores[out + l] += bias[lane + l];
        }
    }

    private static void jaccard(float[] bits, int setBits, int lane, float[] scores, int out) {
        for (int l = 0; l < LANES; l++) {
            float common = scores[out + l];
            float union = setBits + bits[lane + l] - common;
            // Of two empty sets nothing is different; a quotient of zeros would be NaN.
            scores[out + l] = 1 - (common + (union == 0 ? 1 : 0)) / Math.max(1, union);
        }
    }
}
