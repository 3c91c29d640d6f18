package io.sparkspann.search;

import java.io.Serializable;

/**
 * The vectors that a search may find: a bit for each vector of the index, and one for each head,
 * which is a vector too. Immutable, so long as nobody writes to the arrays that it was made of.
 *
 * <p>Memory: an eighth of a byte for each vector.
 */
public final class AllowList implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Every vector may be found. */
    public static final AllowList ALL = new AllowList(true, new long[0], new long[0]);

    private final boolean all;
    private final long[] vectors;
    private final long[] heads;
    private final long count;
    private final long headCount;

    private AllowList(boolean all, long[] vectors, long[] heads) {
        this.all = all;
        this.vectors = vectors;
        this.heads = heads;
        this.count = ones(vectors);
        this.headCount = ones(heads);
    }

    /**
     * @param vectors bit {@code ordinal % 64} of word {@code ordinal / 64} says whether a vector
     *     may be found; shared, not copied
     * @param heads the same by the number of a head, over all shards
     */
    public static AllowList of(long[] vectors, long[] heads) {
        return new AllowList(false, vectors, heads);
    }

    /** Number of words for the bits of so many vectors or heads. */
    public static int words(long bits) {
        return Math.toIntExact((bits + Long.SIZE - 1) / Long.SIZE);
    }

    public boolean isAll() {
        return all;
    }

    /** Whether a vector may be found. One that the index cannot have is not hidden here. */
    public boolean contains(long ordinal) {
        long word = ordinal >>> 6;
        return all || word >= vectors.length || (vectors[(int) word] >>> ordinal & 1) != 0;
    }

    /**
     * Whether a head may be found.
     *
     * @param head its number over all shards
     */
    public boolean containsHead(int head) {
        return all || (heads[head >>> 6] >>> head & 1) != 0;
    }

    /** How many vectors may be found, if not all. */
    public long count() {
        return count;
    }

    /** How many heads may be found, if not all. */
    public long headCount() {
        return headCount;
    }

    /** What is in both; the other one is for the same index. */
    AllowList and(AllowList other) {
        if (all || other.all) {
            return all ? other : this;
        }
        return of(and(vectors, other.vectors), and(heads, other.heads));
    }

    private static long[] and(long[] first, long[] second) {
        long[] both = new long[first.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = first[i] & second[i];
        }
        return both;
    }

    private static long ones(long[] words) {
        long ones = 0;
        for (long word : words) {
            ones += Long.bitCount(word);
        }
        return ones;
    }
}
