package io.sparkspann.build;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rows as bytes: u32 count; the ids as i64, or for strings u32 lengths and then all UTF-8 bytes;
 * the vectors, row-major.
 */
record RowCodec(IdType idType, ElementType elementType, int dimensions) {
    static RowCodec of(TableShape table) {
        return new RowCodec(table.idType(), table.elementType(), table.dimensions());
    }

    /** Encodes rows {@code rows[from, to)}; the result's position is its length. */
    ByteBuffer encode(IdBlock ids, VectorBlock vectors, int[] rows, int from, int to) {
        long length =
                Integer.BYTES
                        + idLength(ids, rows, from, to)
                        + VectorBytes.length(elementType, dimensions, to - from);
        ByteBuffer buffer =
                ByteBuffer.allocate(ArrayLimit.check(length)).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(to - from);
        putIds(ids, rows, from, to, buffer);
        VectorBytes.encode(vectors, rows, from, to, buffer);
        return buffer;
    }

    /** Bytes that the ids of rows {@code rows[from, to)} take. */
    long idLength(IdBlock ids, int[] rows, int from, int to) {
        if (idType != IdType.STRING) {
            return (long) Long.BYTES * (to - from);
        }
        long length = (long) Integer.BYTES * (to - from);
        for (int i = from; i < to; i++) {
            length += ids.offsets()[rows[i] + 1] - ids.offsets()[rows[i]];
        }
        return length;
    }

    /** Appends the ids of rows {@code rows[from, to)}. */
    void putIds(IdBlock ids, int[] rows, int from, int to, ByteBuffer buffer) {
        if (idType != IdType.STRING) {
            for (int i = from; i < to; i++) {
                buffer.putLong(ids.number(rows[i]));
            }
            return;
        }
        for (int i = from; i < to; i++) {
            buffer.putInt(ids.offsets()[rows[i] + 1] - ids.offsets()[rows[i]]);
        }
        for (int i = from; i < to; i++) {
            int start = ids.offsets()[rows[i]];
            buffer.put(ids.utf8(), start, ids.offsets()[rows[i] + 1] - start);
        }
    }

    /** Decodes rows; appends the ids to {@code ids} and returns the vectors. */
    VectorBlock decode(ByteBuffer buffer, IdBlockBuilder ids) {
        int count = buffer.getInt();
        takeIds(buffer, count, ids);
        VectorBlock vectors =
                VectorBytes.decode(
                        elementType,
                        dimensions,
                        buffer.array(),
                        buffer.arrayOffset() + buffer.position(),
                        count);
        int length = Math.toIntExact(VectorBytes.length(elementType, dimensions, count));
        buffer.position(buffer.position() + length);
        return vectors;
    }

    /** Takes as many ids off a buffer and appends them to {@code ids}. */
    void takeIds(ByteBuffer buffer, int count, IdBlockBuilder ids) {
        if (idType == IdType.STRING) {
            int[] lengths = new int[count];
            for (int i = 0; i < count; i++) {
                lengths[i] = buffer.getInt();
            }
            for (int length : lengths) {
                ids.add(buffer.array(), buffer.arrayOffset() + buffer.position(), length);
                buffer.position(buffer.position() + length);
            }
        } else {
            for (int i = 0; i < count; i++) {
                ids.add(buffer.getLong());
            }
        }
    }
}
