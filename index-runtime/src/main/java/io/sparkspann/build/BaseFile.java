package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The vectors of a shard between stages, ordered by id. In the file: a segment with the number of
 * rows (u32), then segments of rows, so that neither writing nor reading takes memory for the rows
 * a second time.
 *
 * @param ids their ids, ascending
 * @param vectors as many vectors
 */
record BaseFile(IdBlock ids, VectorBlock vectors) {
    private static final int PART_BYTES = 4 << 20;

    static FileEntry write(BuildContext context, int shard, IdBlock ids, VectorBlock vectors) {
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
                        1 + parts)) {
            ByteBuffer count = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.add(count.putInt(ids.size()));
            for (int p = 0; p < parts; p++) {
                int from = p * step;
                int to = (int) Math.min(ids.size(), (long) from + step);
                out.add(codec.encode(ids, vectors, rows, from, to));
            }
            return out.finish();
        }
    }

    static BaseFile read(BuildContext context, FileEntry file) {
        try (SegmentFile segments = context.segments(file)) {
            int[] count = new int[1];
            segments.forEach(0, 1, (segment, bytes) -> count[0] = bytes.getInt());
            RowBuffer rows = new RowBuffer(RowCodec.of(context.table()), count[0]);
            for (int s = 1; s < segments.count(); s++) {
                segments.forEach(s, s + 1, (segment, bytes) -> rows.add(bytes));
            }
            return new BaseFile(rows.ids(), rows.takeVectors());
        }
    }
}
