package io.sparkspann.distance;

/** What the tile kernel computes of a query and the vector in a lane. */
public enum ScoreForm {
    /** {@code bias + scale * dot(query, vector)}, fused. */
    DOT,
    /** {@code bias + sum |query_i - vector_i|}. */
    L1,
    /** {@code bias +} the number of differing bits; rows are {@link BitWords}. */
    HAMMING,
    /**
     * {@code bias +} the Jaccard distance of two sets of bits, {@code scale} being the number of
     * bits of the vector; rows are {@link BitWords}.
     */
    JACCARD
}
