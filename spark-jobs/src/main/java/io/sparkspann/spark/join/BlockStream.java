package io.sparkspann.spark.join;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/** Encoded blocks with the number of the part that they go to, made a few at a time. */
abstract class BlockStream implements Iterator<Tuple2<Integer, byte[]>> {
    private final Deque<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();

    /** Makes some more blocks, or none of a step without any; false at the end. */
    protected abstract boolean advance();

    protected final void emit(int part, byte[] block) {
        ready.add(new Tuple2<>(part, block));
    }

    /** Sends queries of a shard to its parts. */
    protected final void emit(JoinPlan plan, int shard, QueryBlock block) {
        QueryBlock[] parts =
                block.divide(plan.salts(shard), i -> plan.salt(shard, block.keys()[i]));
        for (int salt = 0; salt < parts.length; salt++) {
            if (parts[salt] != null) {
                emit(plan.firstParts()[shard] + salt, parts[salt].encode());
            }
        }
    }

    @Override
    public final boolean hasNext() {
        boolean more = true;
        while (ready.isEmpty() && more) {
            more = advance();
        }
        return !ready.isEmpty();
    }

    @Override
    public final Tuple2<Integer, byte[]> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.poll();
    }
}
