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

    /**
     * Sends queries to their parts.
     *
     * @param firstPart where numbering begins
     * @param blocks queries of each part from there on, null where there are none
     */
    protected final void emit(int firstPart, QueryBlock[] blocks) {
        for (int p = 0; p < blocks.length; p++) {
            if (blocks[p] != null) {
                emit(firstPart + p, blocks[p].encode());
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
