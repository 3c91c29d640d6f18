package io.sparkspann.build;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Collects rows of many blocks into one. Where their number is known before, it holds no row twice.
 * Not thread-safe.
 */
final class RowBuffer {
    private final RowCodec codec;
    private final IdBlockBuilder ids;
    private final List<VectorBlock> blocks = new ArrayList<>();
    private VectorBlock whole;
    private int filled;

    RowBuffer(RowCodec codec) {
        this.codec = codec;
        this.ids = new IdBlockBuilder(codec.idType());
    }

    /**
     * @param rows how many will be added
     */
    RowBuffer(RowCodec codec, long rows) {
        this(codec);
        ArrayLimit.check(rows * codec.dimensions());
        this.whole = VectorBlock.allocate(codec.elementType(), codec.dimensions(), (int) rows);
    }

    int size() {
        return ids.size();
    }

    /** Decodes rows and appends them. */
    void add(ByteBuffer encoded) {
        add(codec.decode(encoded, ids));
    }

    /** Appends some rows of a block. */
    void add(IdBlock blockIds, VectorBlock vectors, int[] rows) {
        for (int row : rows) {
            ids.add(blockIds, row);
        }
        add(vectors.gather(rows));
    }

    private void add(VectorBlock block) {
        if (whole == null) {
            blocks.add(block);
        } else {
            copy(block);
        }
    }

    private void copy(VectorBlock block) {
        block.copyAllTo(whole, filled);
        filled += block.size();
    }

    IdBlock ids() {
        return ids.build();
    }

    /** All vectors in one block; the buffer gives its own up. */
    VectorBlock takeVectors() {
        if (whole == null && blocks.size() == 1) {
            return blocks.remove(0);
        }
        if (whole == null) {
            ArrayLimit.check((long) size() * codec.dimensions());
            whole = VectorBlock.allocate(codec.elementType(), codec.dimensions(), size());
            blocks.forEach(this::copy);
            blocks.clear();
        }
        if (filled != whole.size()) {
            throw new IllegalStateException(filled + " of " + whole.size() + " rows came");
        }
        VectorBlock result = whole;
        whole = null;
        return result;
    }

    /**
     * All vectors in another order, moved in place; the buffer gives its own up.
     *
     * @param order for each row of the result the row it was
     */
    VectorBlock takeVectors(int[] order) {
        VectorBlock vectors = takeVectors();
        VectorBlock spare = VectorBlock.allocate(codec.elementType(), codec.dimensions(), 1);
        BitSet done = new BitSet(order.length);
        for (int start = 0; start < order.length; start++) {
            if (done.get(start) || order[start] == start) {
                continue;
            }
            vectors.copyTo(start, spare, 0);
            int row = start;
            while (order[row] != start) {
                vectors.copyTo(order[row], vectors, row);
                done.set(row);
                row = order[row];
            }
            spare.copyTo(0, vectors, row);
            done.set(row);
        }
        return vectors;
    }
}
