package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The vectors of a shard between stages, ordered by id. In the file: a segment with the number of
 * rows (u32), one with the leaf of each (u32, from 0 in each shard) where leaves matter, then
 * segments of rows, so that neither writing nor reading takes memory for the rows a second time.
 *
 * @param ids their ids, ascending
 * @param vectors as many vectors
 */
record BaseFile(IdBlock ids, VectorBlock vectors) {
    private static final int PART_BYTES = 4 << 20;
    private static final int LEAVES = 1;
    private static final int FIRST_PART = 2;

    /** Writes rows whose leaves do not matter. */
    static FileEntry write(BuildContext context, int number, BaseFile base) {
        return write(context, number, base, new int[0]);
    }

    /**
     * @param leaves the leaf that each row was sent to
     */
    static FileEntry write(BuildContext context, int shard, BaseFile base, int[] leaves) {
        IdBlock ids = base.ids();
        RowCodec codec = RowCodec.of(context.table());
        int rowBytes = codec.dimensions() * codec.elementType().bytes();
        int step = Math.max(1, PART_BYTES / rowBytes);
        int parts = (int) (((long) ids.size() + step - 1) / step);
        int[] rows = RowOrder.identity(ids.size());
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath("base", shard),
                        context.stagingHeader(),
                        FIRST_PART + parts)) {
            ByteBuffer count = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.add(count.putInt(ids.size()));
            out.add(encode(leaves));
            for (int p = 0; p < parts; p++) {
                int from = p * step;
                int to = (int) Math.min(ids.size(), (long) from + step);
                out.add(codec.encode(ids, base.vectors(), rows, from, to));
            }
            return out.finish();
        }
    }

    private static ByteBuffer encode(int[] leaves) {
        int length = ArrayLimit.check((long) Integer.BYTES * leaves.length);
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (int leaf : leaves) {
            out.putInt(leaf);
        }
        return out;
    }

    /** The leaf of each row of a file that has them. */
    static int[] readLeaves(BuildContext context, FileEntry file) {
        try (SegmentFile segments = context.segments(file)) {
            int[] leaves = new int[(int) (segments.length(LEAVES, FIRST_PART) / Integer.BYTES)];
            segments.forEach(
                    LEAVES, FIRST_PART, (segment, bytes) -> bytes.asIntBuffer().get(leaves));
            return leaves;
        }
    }

    static BaseFile read(BuildContext context, FileEntry file) {
        try (SegmentFile segments = context.segments(file)) {
            int[] count = new int[1];
            segments.forEach(0, 1, (segment, bytes) -> count[0] = bytes.getInt());
            RowBuffer rows = new RowBuffer(RowCodec.of(context.table()), count[0]);
            for (int s = FIRST_PART; s < segments.count(); s++) {
                segments.forEach(s, s + 1, (segment, bytes) -> rows.add(bytes));
            }
            return new BaseFile(rows.ids(), rows.takeVectors());
        }
    }
}
