package io.sparkspann.search;

/**
 * A bit for each vector of an index, and one for each head. Immutable, so long as nobody writes to
 * the arrays that it was made of.
 *
 * <p>Memory: an eighth of a byte for each vector.
 */
final class AllowBits extends AllowList {
    private static final long serialVersionUID = 2L;

    private final boolean all;
    private final long[] vectors;
    private final long[] heads;
    private final long count;
    private final long headCount;

    AllowBits(boolean all, long[] vectors, long[] heads) {
        this.all = all;
        this.vectors = vectors;
        this.heads = heads;
        this.count = ones(vectors);
        this.headCount = ones(heads);
    }

    @Override
    public boolean isAll() {
        return all;
    }

    @Override
    public boolean contains(long ordinal) {
        long word = ordinal >>> 6;
        return all || word >= vectors.length || (vectors[(int) word] >>> ordinal & 1) != 0;
    }

    @Override
    public boolean containsHead(int head) {
        return all || (heads[head >>> 6] >>> head & 1) != 0;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long headCount() {
        return headCount;
    }

    @Override
    boolean isCounted() {
        return !all;
    }

    @Override
    AllowList and(AllowList other) {
        return other instanceof AllowBits bits
                ? of(and(vectors, bits.vectors), and(heads, bits.heads))
                : other.and(this);
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
