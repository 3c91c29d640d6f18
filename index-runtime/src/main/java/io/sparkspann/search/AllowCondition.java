package io.sparkspann.search;

import java.util.function.IntPredicate;
import java.util.function.LongPredicate;

/**
 * Vectors that satisfy a condition, which is evaluated whenever one is asked for; how many there
 * are is not known. As good as immutable and thread-safe as the condition is. Not serializable.
 */
final class AllowCondition extends AllowList {
    private static final long serialVersionUID = 1L;

    private final transient LongPredicate vectors;
    private final transient IntPredicate heads;
    private final long most;
    private final long mostHeads;

    /**
     * @param vectors by ordinal
     * @param heads by number over all shards
     * @param most vectors of the index
     * @param mostHeads heads of the index
     */
    AllowCondition(LongPredicate vectors, IntPredicate heads, long most, long mostHeads) {
        this.vectors = vectors;
        this.heads = heads;
        this.most = most;
        this.mostHeads = mostHeads;
    }

    @Override
    public boolean isAll() {
        return false;
    }

    @Override
    public boolean contains(long ordinal) {
        return ordinal >= most || vectors.test(ordinal);
    }

    @Override
    public boolean containsHead(int head) {
        return heads.test(head);
    }

    @Override
    public long count() {
        return most;
    }

    @Override
    public long headCount() {
        return mostHeads;
    }

    @Override
    boolean isCounted() {
        return false;
    }

    @Override
    AllowList and(AllowList other) {
        return new AllowCondition(
                ordinal -> other.contains(ordinal) && vectors.test(ordinal),
                head -> other.containsHead(head) && heads.test(head),
                most,
                mostHeads);
    }
}
