package io.sparkspann.build;

import io.sparkspann.cluster.Starts;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Assignments on their way to the shards of their heads.
 *
 * <p>Segment of a target shard: u32 vectors; for another shard than the source the vectors' rows
 * (u32 each) and the vectors as {@link RowCodec} has them, ascending; u32 records; then for each
 * record u32 vector (position among the vectors, or row in the source's own shard), u32 head
 * (number in the target), f32 distance, u8 home. The last segment has for each vector of the source
 * u32 count and as many u32 heads.
 */
final class AssignmentCodec {
    private static final int RECORD_BYTES = 13;

    private final BuildContext context;
    private final int[] firstHeads;
    private final int shards;

    /**
     * @param firstHeads {@code shards + 1} first head numbers
     */
    AssignmentCodec(BuildContext context, int[] firstHeads) {
        this.context = context;
        this.firstHeads = firstHeads;
        this.shards = firstHeads.length - 1;
    }

    /**
     * All assignments in row order, grouped by the shard of their head.
     *
     * @param rowOf row of each assignment
     * @param positionOf its position in the assignments
     * @param byTarget numbers of assignments, ascending within a shard
     */
    private record Sorted(int[] rowOf, int[] positionOf, Buckets byTarget) {}

    private Sorted sort(Assignments assignments) {
        int[] rowOf = new int[assignments.size()];
        int[] positionOf = new int[assignments.size()];
        int[] targets = new int[assignments.size()];
        int at = 0;
        for (int row = 0; row < assignments.rows(); row++) {
            for (int r = 0; r < assignments.count(row); r++) {
                rowOf[at] = row;
                positionOf[at] = assignments.start(row) + r;
                targets[at] = shardOf(assignments.head(positionOf[at]));
                at++;
            }
        }
        return new Sorted(rowOf, positionOf, Buckets.of(targets, shards));
    }

    private int shardOf(int head) {
        return Starts.runOf(firstHeads, head);
    }

    /** Shards that get anything. */
    int[] targets(Assignments assignments) {
        Buckets buckets = sort(assignments).byTarget();
        int[] targets = new int[shards];
        int count = 0;
        for (int t = 0; t < shards; t++) {
            if (buckets.size(t) > 0) {
                targets[count++] = t;
            }
        }
        return Arrays.copyOf(targets, count);
    }

    FileEntry write(int source, BaseFile base, Assignments assignments) {
        Sorted sorted = sort(assignments);
        Buckets buckets = sorted.byTarget();
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath("closure", source),
                        context.stagingHeader(),
                        shards + 1)) {
            for (int t = 0; t < shards; t++) {
                if (buckets.size(t) == 0) {
                    out.addEmpty();
                } else {
                    out.add(encode(source == t ? null : base, t, sorted, assignments));
                }
            }
            out.add(encodeHeads(assignments));
            return out.finish();
        }
    }

    /**
     * @param base the vectors to send along, null if the target has them
     */
    private ByteBuffer encode(BaseFile base, int target, Sorted sorted, Assignments assignments) {
        Buckets buckets = sorted.byTarget();
        int from = buckets.start(target);
        int to = buckets.start(target + 1);
        int[] sent = new int[base == null ? 0 : to - from];
        int[] vectorOf = new int[to - from];
        int count = 0;
        for (int i = from; i < to; i++) {
            int row = sorted.rowOf()[buckets.rows()[i]];
            if (base == null) {
                vectorOf[i - from] = row;
            } else {
                if (count == 0 || sent[count - 1] != row) {
                    sent[count++] = row;
                }
                vectorOf[i - from] = count - 1;
            }
        }
        ByteBuffer rows =
                base == null
                        ? ByteBuffer.allocate(0)
                        : RowCodec.of(context.table())
                                .encode(base.ids(), base.vectors(), sent, 0, count);
        long length = 8L + 4L * count + rows.position() + (long) RECORD_BYTES * (to - from);
        ByteBuffer out =
                ByteBuffer.allocate(ArrayLimit.check(length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(count);
        for (int i = 0; i < count; i++) {
            out.putInt(sent[i]);
        }
        out.put(rows.array(), 0, rows.position());
        out.putInt(to - from);
        for (int i = from; i < to; i++) {
            int position = sorted.positionOf()[buckets.rows()[i]];
            int home = assignments.start(sorted.rowOf()[buckets.rows()[i]]);
            out.putInt(vectorOf[i - from]);
            out.putInt(assignments.head(position) - firstHeads[target]);
            out.putFloat(assignments.distance(position));
            out.put((byte) (position == home ? 1 : 0));
        }
        return out;
    }

    private static ByteBuffer encodeHeads(Assignments assignments) {
        long length = 4L * assignments.rows() + 4L * assignments.size();
        ByteBuffer out =
                ByteBuffer.allocate(ArrayLimit.check(length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < assignments.rows(); row++) {
            out.putInt(assignments.count(row));
            for (int r = 0; r < assignments.count(row); r++) {
                out.putInt(assignments.head(assignments.start(row) + r));
            }
        }
        return out;
    }

    /** What one source sends to one target. */
    interface Sink {
        /**
         * Takes the vectors that come along, in ascending order of {@code rows}, their rows in the
         * source.
         */
        void vectors(int[] rows, VectorBlock vectors);

        /**
         * Takes a record.
         *
         * @param vector position among the vectors that came along, or row if none did
         */
        void record(int vector, int head, float distance, boolean home);
    }

    /** Decodes the segment of a target; ids of vectors are appended to {@code ids}. */
    void read(ByteBuffer in, boolean own, IdBlockBuilder ids, Sink sink) {
        int count = in.getInt();
        if (!own) {
            int[] rows = new int[count];
            for (int i = 0; i < count; i++) {
                rows[i] = in.getInt();
            }
            sink.vectors(rows, RowCodec.of(context.table()).decode(in, ids));
        }
        int records = in.getInt();
        for (int i = 0; i < records; i++) {
            sink.record(in.getInt(), in.getInt(), in.getFloat(), in.get() != 0);
        }
    }
}
