package io.sparkspann.build;

import io.sparkspann.cluster.Starts;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.VectorBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes the assignments of a source shard for the shards of their heads, the targets. Used once.
 *
 * <p>A target has some consecutive segments in the file. The first is its summary: u32 rows; the
 * rows (u32 each, ascending) and their ids as {@link RowCodec} has them; u32 heads; then for each
 * head u32 head (number in the target) and u32 records; u32 bands; then for each band u32 first and
 * u32 last head. Each further segment is a band of records, by head, then by row: u32 vectors, the
 * vectors' rows (u32 each, ascending), the vectors; u32 records; then for each record u32 vector
 * (position among the vectors), u32 head, f32 distance, u8 home. The target that is the source
 * itself gets neither rows nor vectors, and records have rows in place of positions.
 *
 * <p>The last segment of the file has for each vector of the source u32 count and as many u32
 * heads, numbered through the index.
 */
final class AssignmentWriter {
    static final int RECORD_BYTES = 13;

    /** Records and vectors of a band: what a reader holds beside what it keeps. */
    private static final int BAND_BYTES = 4 << 20;

    private final BuildContext context;
    private final int[] firstHeads;
    private final int source;
    private final BaseFile base;
    private final Assignments assignments;
    private final RowCodec codec;
    private final int[] rowOf;
    private final int[] positionOf;
    private final Buckets byTarget;

    /**
     * @param firstHeads {@code shards + 1} first head numbers
     * @param base the vectors of the source
     */
    AssignmentWriter(
            BuildContext context,
            int[] firstHeads,
            int source,
            BaseFile base,
            Assignments assignments) {
        this.context = context;
        this.firstHeads = firstHeads;
        this.source = source;
        this.base = base;
        this.assignments = assignments;
        this.codec = RowCodec.of(context.table());
        this.rowOf = new int[assignments.size()];
        this.positionOf = new int[assignments.size()];
        int[] targets = new int[assignments.size()];
        int at = 0;
        for (int row = 0; row < assignments.rows(); row++) {
            for (int r = 0; r < assignments.count(row); r++) {
                rowOf[at] = row;
                positionOf[at] = assignments.start(row) + r;
                targets[at] = Starts.runOf(firstHeads, assignments.head(positionOf[at]));
                at++;
            }
        }
        this.byTarget = Buckets.of(targets, firstHeads.length - 1);
    }

    /**
     * What was written.
     *
     * @param targets shards that get anything, ascending
     * @param firstSegments {@code targets + 1} first segments
     */
    record Written(FileEntry file, int[] targets, int[] firstSegments) {}

    Written write() {
        int shards = firstHeads.length - 1;
        int[] targets = new int[shards];
        int[] firstSegments = new int[shards + 1];
        int count = 0;
        for (int t = 0; t < shards; t++) {
            if (byTarget.size(t) > 0) {
                targets[count++] = t;
                firstSegments[count] = firstSegments[count - 1] + 1 + bands(t);
            }
        }
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath("closure", source),
                        context.stagingHeader(),
                        firstSegments[count] + 1)) {
            for (int i = 0; i < count; i++) {
                write(targets[i], out);
            }
            out.add(encodeHeads());
            return new Written(
                    out.finish(),
                    Arrays.copyOf(targets, count),
                    Arrays.copyOf(firstSegments, count + 1));
        }
    }

    private int bandRecords(int target) {
        int vector = Integer.BYTES + codec.dimensions() * codec.elementType().bytes();
        return Math.max(1, BAND_BYTES / (RECORD_BYTES + (target == source ? 0 : vector)));
    }

    private int bands(int target) {
        int records = bandRecords(target);
        return (byTarget.size(target) + records - 1) / records;
    }

    private int head(int assignment) {
        return assignments.head(positionOf[assignment]);
    }

    private void write(int target, SegmentWriter out) {
        int from = byTarget.start(target);
        int size = byTarget.size(target);
        int[] heads = new int[size];
        for (int i = 0; i < size; i++) {
            heads[i] = head(byTarget.rows()[from + i]) - firstHeads[target];
        }
        Buckets byHead = Buckets.of(heads, firstHeads[target + 1] - firstHeads[target]);
        int[] records = byHead.rows();
        for (int i = 0; i < size; i++) {
            records[i] = byTarget.rows()[from + records[i]];
        }
        out.add(summary(target, byHead.sizes(), records));
        int step = bandRecords(target);
        for (int start = 0; start < size; start += step) {
            out.add(band(target, records, start, Math.min(size, start + step)));
        }
    }

    /** Rows of records {@code [from, to)}, ascending, each once. */
    private int[] rows(int[] records, int from, int to) {
        int[] rows = new int[to - from];
        for (int i = from; i < to; i++) {
            rows[i - from] = rowOf[records[i]];
        }
        Arrays.sort(rows);
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (i == 0 || rows[i] != rows[i - 1]) {
                rows[count++] = rows[i];
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private ByteBuffer summary(int target, int[] counts, int[] records) {
        int[] rows = target == source ? new int[0] : rows(records, 0, records.length);
        long touched = Arrays.stream(counts).filter(count -> count > 0).count();
        int bands = bands(target);
        ByteBuffer out =
                allocate(
                        12L
                                + 4L * rows.length
                                + codec.idLength(base.ids(), rows, 0, rows.length)
                                + 8L * touched
                                + 8L * bands);
        out.putInt(rows.length);
        for (int row : rows) {
            out.putInt(row);
        }
        codec.putIds(base.ids(), rows, 0, rows.length, out);
        out.putInt((int) touched);
        for (int head = 0; head < counts.length; head++) {
            if (counts[head] > 0) {
                out.putInt(head).putInt(counts[head]);
            }
        }
        out.putInt(bands);
        int step = bandRecords(target);
        for (int b = 0; b < bands; b++) {
            int last = Math.min(records.length, (b + 1) * step) - 1;
            out.putInt(head(records[b * step]) - firstHeads[target]);
            out.putInt(head(records[last]) - firstHeads[target]);
        }
        return out;
    }

    private ByteBuffer band(int target, int[] records, int from, int to) {
        boolean own = target == source;
        int[] rows = own ? new int[0] : rows(records, from, to);
        long vectorBytes = VectorBytes.length(codec.elementType(), codec.dimensions(), rows.length);
        ByteBuffer out =
                allocate(8L + 4L * rows.length + vectorBytes + (long) RECORD_BYTES * (to - from));
        out.putInt(rows.length);
        for (int row : rows) {
            out.putInt(row);
        }
        VectorBytes.encode(base.vectors(), rows, 0, rows.length, out);
        out.putInt(to - from);
        for (int i = from; i < to; i++) {
            int row = rowOf[records[i]];
            int position = positionOf[records[i]];
            out.putInt(own ? row : Arrays.binarySearch(rows, row));
            out.putInt(assignments.head(position) - firstHeads[target]);
            out.putFloat(assignments.distance(position));
            out.put((byte) (position == assignments.start(row) ? 1 : 0));
        }
        return out;
    }

    private ByteBuffer encodeHeads() {
        ByteBuffer out = allocate(4L * assignments.rows() + 4L * assignments.size());
        for (int row = 0; row < assignments.rows(); row++) {
            out.putInt(assignments.count(row));
            for (int r = 0; r < assignments.count(row); r++) {
                out.putInt(assignments.head(assignments.start(row) + r));
            }
        }
        return out;
    }

    private static ByteBuffer allocate(long length) {
        return ByteBuffer.allocate(ArrayLimit.check(length)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
