package io.sparkspann.search;

import java.io.Serializable;

/**
 * The vectors that a search may find. Heads are vectors too, and asked for by their own numbers.
 * Immutable, thread-safe.
 */
public abstract class AllowList implements Serializable {
    private static final long serialVersionUID = 2L;

    /** Every vector may be found. */
    public static final AllowList ALL = new AllowBits(true, new long[0], new long[0]);

    AllowList() {}

    /**
     * A bit for each vector of the index, and one for each head.
     *
     * @param vectors bit {@code ordinal % 64} of word {@code ordinal / 64} says whether a vector
     *     may be found; shared, not copied
     * @param heads the same by the number of a head, over all shards
     */
    public static AllowList of(long[] vectors, long[] heads) {
        return new AllowBits(false, vectors, heads);
    }

    /** Number of words for the bits of so many vectors or heads. */
    public static int words(long bits) {
        return Math.toIntExact((bits + Long.SIZE - 1) / Long.SIZE);
    }

    public abstract boolean isAll();

    /** Whether a vector may be found. One that the index cannot have is not hidden here. */
    public abstract boolean contains(long ordinal);

    /**
     * Whether a head may be found.
     *
     * @param head its number over all shards
     */
    public abstract boolean containsHead(int head);

    /** How many vectors may be found at most, if not all; exact where there are bits. */
    public abstract long count();

    /** How many heads may be found at most, if not all; exact where there are bits. */
    public abstract long headCount();

    /** Whether {@link #count} is exact. */
    abstract boolean isCounted();

    /** What is in both, neither of which is all; the other one is for the same index. */
    abstract AllowList and(AllowList other);
}
