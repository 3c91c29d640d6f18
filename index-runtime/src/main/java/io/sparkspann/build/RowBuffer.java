package io.sparkspann.build;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects rows of many blocks into one. Not thread-safe. */
final class RowBuffer {
    private final RowCodec codec;
    private final IdBlockBuilder ids;
    private final List<VectorBlock> blocks = new ArrayList<>();

    RowBuffer(RowCodec codec) {
        this.codec = codec;
        this.ids = new IdBlockBuilder(codec.idType());
    }

    int size() {
        return ids.size();
    }

    /** Decodes rows and appends them. */
    void add(ByteBuffer encoded) {
        blocks.add(codec.decode(encoded, ids));
    }

    /** Appends some rows of a block. */
    void add(IdBlock blockIds, VectorBlock vectors, int[] rows) {
        for (int row : rows) {
            ids.add(blockIds, row);
        }
        blocks.add(vectors.gather(rows));
    }

    IdBlock ids() {
        return ids.build();
    }

    /** All vectors in one block; the buffer gives its own up. */
    VectorBlock takeVectors() {
        if (blocks.size() == 1) {
            return blocks.remove(0);
        }
        ArrayLimit.check((long) size() * codec.dimensions());
        VectorBlock all = VectorBlock.allocate(codec.elementType(), codec.dimensions(), size());
        int at = 0;
        for (VectorBlock block : blocks) {
            Object source = block.type().isByte() ? block.bytes() : block.floats();
            Object target = block.type().isByte() ? all.bytes() : all.floats();
            int length = block.size() * block.dimensions();
            System.arraycopy(source, 0, target, at, length);
            at += length;
        }
        blocks.clear();
        return all;
    }
}
