package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.VectorBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What one source shard sends to the postings of a target, in the format of {@link
 * AssignmentWriter}: the summary, and the records when they are asked for. One thread.
 */
final class Incoming {
    private final BuildContext context;
    private final FileEntry file;
    private final int summary;
    private final boolean own;
    private final long firstOrdinal;
    private long length;
    private int[] rows;
    private int[] heads;
    private int[] counts;
    private int[] bandFirstHeads;
    private int[] bandLastHeads;

    /**
     * @param source what the source wrote
     * @param target position of the target among the source's targets
     * @param firstOrdinal ordinal of the first vector of the source
     * @param own whether source and target are the same shard
     */
    Incoming(
            BuildContext context,
            ClosureStage.Shard source,
            int target,
            long firstOrdinal,
            boolean own) {
        this.context = context;
        this.file = source.file();
        this.summary = source.firstSegments()[target];
        this.firstOrdinal = firstOrdinal;
        this.own = own;
    }

    /** Reads the summary and appends the ids of the vectors that come along to {@code ids}. */
    void readSummary(IdBlockBuilder ids) {
        try (SegmentFile segments = context.segments(file)) {
            segments.forEach(summary, summary + 1, (segment, bytes) -> readSummary(bytes, ids));
            int firstBand = summary + 1;
            length = segments.length(firstBand, firstBand + bandFirstHeads.length);
        }
    }

    private void readSummary(ByteBuffer in, IdBlockBuilder ids) {
        rows = new int[in.getInt()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = in.getInt();
        }
        RowCodec.of(context.table()).takeIds(in, rows.length, ids);
        heads = new int[in.getInt()];
        counts = new int[heads.length];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = in.getInt();
            counts[i] = in.getInt();
        }
        bandFirstHeads = new int[in.getInt()];
        bandLastHeads = new int[bandFirstHeads.length];
        for (int b = 0; b < bandFirstHeads.length; b++) {
            bandFirstHeads[b] = in.getInt();
            bandLastHeads[b] = in.getInt();
        }
    }

    /** Appends the ordinals of the vectors that come along, ascending; they are forgotten then. */
    int takeOrdinals(int[] target, int at) {
        int next = at;
        for (int row : rows) {
            target[next++] = (int) (firstOrdinal + row);
        }
        rows = new int[0];
        return next;
    }

    /** Adds what the postings of the target receive; the numbers are forgotten then. */
    void addTo(PassPlan.Load load) {
        for (int i = 0; i < heads.length; i++) {
            load.add(heads[i], counts[i], !own);
        }
        load.addSent(own ? 0 : length);
        heads = new int[0];
        counts = new int[0];
    }

    /**
     * Reads records.
     *
     * @param ownVectors vectors of the target, for its own records
     * @param records takes those of its range of heads
     */
    void read(VectorBlock ownVectors, ShardRecords records) {
        int from = 0;
        int to = bandFirstHeads.length;
        while (from < to && bandLastHeads[from] < records.firstHead()) {
            from++;
        }
        while (to > from && bandFirstHeads[to - 1] >= records.endHead()) {
            to--;
        }
        if (from == to) {
            return;
        }
        try (SegmentFile segments = context.segments(file)) {
            for (int band = from; band < to; band++) {
                // One by one: together they may be more than the budget.
                segments.forEach(
                        summary + 1 + band,
                        summary + 2 + band,
                        (segment, bytes) -> readBand(bytes, ownVectors, records));
            }
        }
    }

    private void readBand(ByteBuffer in, VectorBlock ownVectors, ShardRecords records) {
        int[] bandRows = new int[in.getInt()];
        for (int i = 0; i < bandRows.length; i++) {
            bandRows[i] = in.getInt();
        }
        RowCodec codec = RowCodec.of(context.table());
        int vectorsAt = in.position();
        int length =
                (int) VectorBytes.length(codec.elementType(), codec.dimensions(), bandRows.length);
        in.position(vectorsAt + length);
        Records band = new Records(in, records);
        if (own) {
            records.block(ownVectors, null, firstOrdinal);
            band.addTo(records, null);
            return;
        }
        VectorBlock vectors =
                VectorBytes.decode(
                        codec.elementType(),
                        codec.dimensions(),
                        in.array(),
                        in.arrayOffset() + vectorsAt,
                        bandRows.length);
        int[] used = band.usedVectors(bandRows.length);
        if (used.length == bandRows.length) {
            records.block(vectors, bandRows, firstOrdinal);
            band.addTo(records, null);
            return;
        }
        int[] usedRows = Arrays.stream(used).map(v -> bandRows[v]).toArray();
        records.block(vectors.gather(used), usedRows, firstOrdinal);
        band.addTo(records, used);
    }

    /** The records of a band whose heads are wanted. */
    private static final class Records {
        private final ByteBuffer in;
        private final int from;
        private final int to;

        Records(ByteBuffer in, ShardRecords wanted) {
            this.in = in;
            int count = in.getInt();
            int first = in.position();
            int low = 0;
            while (low < count && head(first, low) < wanted.firstHead()) {
                low++;
            }
            int high = count;
            while (high > low && head(first, high - 1) >= wanted.endHead()) {
                high--;
            }
            this.from = first + low * AssignmentWriter.RECORD_BYTES;
            this.to = first + high * AssignmentWriter.RECORD_BYTES;
        }

        private int head(int first, int record) {
            return in.getInt(first + record * AssignmentWriter.RECORD_BYTES + Integer.BYTES);
        }

        /** Which of so many vectors the wanted records have, ascending. */
        int[] usedVectors(int vectors) {
            boolean[] used = new boolean[vectors];
            int count = 0;
            for (int at = from; at < to; at += AssignmentWriter.RECORD_BYTES) {
                int vector = in.getInt(at);
                count += used[vector] ? 0 : 1;
                used[vector] = true;
            }
            int[] numbers = new int[count];
            int next = 0;
            for (int v = 0; v < vectors; v++) {
                if (used[v]) {
                    numbers[next++] = v;
                }
            }
            return numbers;
        }

        /**
         * @param used the vectors that were kept, ascending; null if all were
         */
        void addTo(ShardRecords records, int[] used) {
            in.position(from);
            while (in.position() < to) {
                int vector = in.getInt();
                int number = used == null ? vector : Arrays.binarySearch(used, vector);
                records.add(number, in.getInt(), in.getFloat(), in.get() != 0);
            }
        }
    }
}
