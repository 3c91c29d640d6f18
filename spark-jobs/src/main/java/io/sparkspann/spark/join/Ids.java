package io.sparkspann.spark.join;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;
import java.nio.ByteBuffer;

/**
 * Ids as bytes in the blocks of a join: {@link Numbers}, or for strings u32 lengths and then all
 * UTF-8 bytes.
 */
final class Ids {
    private Ids() {}

    static long bytes(IdBlock ids) {
        return ids.type() == IdType.STRING
                ? 4L * ids.size() + ids.offsets()[ids.size()]
                : Numbers.bytes(ids.numbers());
    }

    static void put(IdBlock ids, ByteBuffer out) {
        if (ids.type() != IdType.STRING) {
            Numbers.put(ids.numbers(), out);
            return;
        }
        for (int i = 0; i < ids.size(); i++) {
            out.putInt(ids.offsets()[i + 1] - ids.offsets()[i]);
        }
        out.put(ids.utf8(), 0, ids.offsets()[ids.size()]);
    }

    /**
     * Some ids, in this order. Strings that have been sent already are left empty, for they may be
     * long.
     *
     * @param sent which ids have been sent; those that are taken here are marked
     */
    static IdBlock gatherUnsent(IdBlock ids, int[] rows, boolean[] sent) {
        if (ids.type() != IdType.STRING) {
            return ids.gather(rows);
        }
        IdBlockBuilder some = new IdBlockBuilder(IdType.STRING);
        for (int row : rows) {
            int from = ids.offsets()[row];
            int to = sent[row] ? from : ids.offsets()[row + 1];
            some.add(ids.utf8(), from, to - from);
            sent[row] = true;
        }
        return some.build();
    }

    /** Takes {@code count} ids. */
    static IdBlock take(ByteBuffer in, int count, IdType type) {
        if (type != IdType.STRING) {
            return IdBlock.ofNumbers(type, Numbers.take(in, count));
        }
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
            offsets[i + 1] = Math.addExact(offsets[i], in.getInt());
        }
        byte[] utf8 = new byte[offsets[count]];
        in.get(utf8);
        return IdBlock.ofStrings(utf8, offsets);
    }
}
