package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;

/**
 * The vectors of a shard between stages, ordered by id.
 *
 * @param ids their ids, ascending
 * @param vectors as many vectors
 */
record BaseFile(IdBlock ids, VectorBlock vectors) {
    static FileEntry write(BuildContext context, int shard, IdBlock ids, VectorBlock vectors) {
        ByteBuffer rows =
                RowCodec.of(context.table())
                        .encode(ids, vectors, RowOrder.identity(ids.size()), 0, ids.size());
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath("base", shard),
                        context.stagingHeader(),
                        1)) {
            out.add(rows);
            return out.finish();
        }
    }

    static BaseFile read(BuildContext context, FileEntry file) {
        RowBuffer rows = new RowBuffer(RowCodec.of(context.table()));
        try (SegmentFile segments = context.segments(file)) {
            segments.forEach(0, 1, (segment, bytes) -> rows.add(bytes));
        }
        return new BaseFile(rows.ids(), rows.takeVectors());
    }
}
