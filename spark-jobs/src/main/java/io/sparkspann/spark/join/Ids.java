package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import java.nio.ByteBuffer;

/**
 * Ids as bytes in the blocks of a join: i64, or for strings u32 lengths and then all UTF-8 bytes.
 */
final class Ids {
    private Ids() {}

    static long bytes(IdBlock ids) {
        return ids.type() == IdType.STRING
                ? 4L * ids.size() + ids.offsets()[ids.size()]
                : 8L * ids.size();
    }

    static void put(IdBlock ids, ByteBuffer out) {
        if (ids.type() != IdType.STRING) {
            for (int i = 0; i < ids.size(); i++) {
                out.putLong(ids.number(i));
            }
            return;
        }
        for (int i = 0; i < ids.size(); i++) {
            out.putInt(ids.offsets()[i + 1] - ids.offsets()[i]);
        }
        out.put(ids.utf8(), 0, ids.offsets()[ids.size()]);
    }

    /** Takes {@code count} ids. */
    static void take(ByteBuffer in, int count, IdBlockBuilder ids) {
        if (!ids.isOfStrings()) {
            for (int i = 0; i < count; i++) {
                ids.add(in.getLong());
            }
            return;
        }
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = in.getInt();
        }
        for (int length : lengths) {
            ids.add(in.array(), in.arrayOffset() + in.position(), length);
            in.position(in.position() + length);
        }
    }
}
