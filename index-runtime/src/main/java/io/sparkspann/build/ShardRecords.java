package io.sparkspann.build;

import io.sparkspann.posting.PostingWriter;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records of all postings of a shard, collected in the order of their ordinals and then handed
 * out posting by posting. Not thread-safe.
 */
final class ShardRecords {
    private final int postings;
    private final VectorBlock ownVectors;
    private final long firstOrdinal;
    private final List<VectorBlock> blocks = new ArrayList<>();
    private final List<int[]> blockRows = new ArrayList<>();
    private final List<Long> blockFirstOrdinals = new ArrayList<>();
    private int[] blockOf = new int[0];
    private int[] vectorOf = new int[0];
    private int[] headOf = new int[0];
    private float[] distances = new float[0];
    private boolean[] homes = new boolean[0];
    private int size;
    private Buckets byHead;

    ShardRecords(int postings, VectorBlock ownVectors, long firstOrdinal) {
        this.postings = postings;
        this.ownVectors = ownVectors;
        this.firstOrdinal = firstOrdinal;
    }

    int postings() {
        return postings;
    }

    long firstOrdinal() {
        return firstOrdinal;
    }

    int size() {
        return size;
    }

    /** Takes what one source shard sends. */
    final class Source implements AssignmentCodec.Sink {
        private final int block;

        private Source(int block) {
            this.block = block;
        }

        @Override
        public void vectors(int[] rows, VectorBlock vectors) {
            blocks.set(block, vectors);
            blockRows.set(block, rows);
        }

        @Override
        public void record(int vector, int head, float distance, boolean home) {
            if (headOf.length == size) {
                grow();
            }
            blockOf[size] = block;
            vectorOf[size] = vector;
            headOf[size] = head;
            distances[size] = distance;
            homes[size] = home;
            size++;
        }
    }

    private void grow() {
        int length = Math.max(1024, 2 * size);
        blockOf = Arrays.copyOf(blockOf, length);
        vectorOf = Arrays.copyOf(vectorOf, length);
        headOf = Arrays.copyOf(headOf, length);
        distances = Arrays.copyOf(distances, length);
        homes = Arrays.copyOf(homes, length);
    }

    /** The shard's own assignments. */
    Source own() {
        return source(ownVectors, null, firstOrdinal);
    }

    /** The assignments that another shard sends; sources come in the order of their ordinals. */
    Source foreign(long sourceFirstOrdinal) {
        return source(null, new int[0], sourceFirstOrdinal);
    }

    private Source source(VectorBlock vectors, int[] rows, long sourceFirstOrdinal) {
        blocks.add(vectors);
        blockRows.add(rows);
        blockFirstOrdinals.add(sourceFirstOrdinal);
        return new Source(blocks.size() - 1);
    }

    /** Ordinals of all vectors of other shards, ascending. */
    int[] foreignOrdinals() {
        int total = 0;
        for (int[] rows : blockRows) {
            total += rows == null ? 0 : rows.length;
        }
        int[] ordinals = new int[total];
        int at = 0;
        for (int b = 0; b < blocks.size(); b++) {
            if (blockRows.get(b) != null) {
                for (int row : blockRows.get(b)) {
                    ordinals[at++] = (int) (blockFirstOrdinals.get(b) + row);
                }
            }
        }
        return ordinals;
    }

    /** The records of a posting, in the order of the format. */
    PostingWriter.Records posting(int head) {
        if (byHead == null) {
            byHead = Buckets.of(Arrays.copyOf(headOf, size), postings);
        }
        int start = byHead.start(head);
        int count = byHead.size(head);
        // Sort key: not home, distance (bits of a float that is not negative ascend with it),
        // position.
        long[] keys = new long[count];
        int homeCount = 0;
        for (int i = 0; i < count; i++) {
            int record = byHead.rows()[start + i];
            long away = homes[record] ? 0 : 1L << 62;
            keys[i] = away | (long) Float.floatToRawIntBits(distances[record]) << 31 | i;
            homeCount += homes[record] ? 1 : 0;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = byHead.rows()[start + (int) (keys[i] & Integer.MAX_VALUE)];
        }
        return new Posting(order, homeCount);
    }

    private final class Posting implements PostingWriter.Records {
        private final int[] records;
        private final int homeCount;

        Posting(int[] records, int homeCount) {
            this.records = records;
            this.homeCount = homeCount;
        }

        @Override
        public int size() {
            return records.length;
        }

        @Override
        public int homes() {
            return homeCount;
        }

        @Override
        public VectorBlock vectors(int record) {
            return blocks.get(blockOf[records[record]]);
        }

        @Override
        public int row(int record) {
            return vectorOf[records[record]];
        }

        @Override
        public float distance(int record) {
            return distances[records[record]];
        }

        @Override
        public long ordinal(int record) {
            int r = records[record];
            int[] rows = blockRows.get(blockOf[r]);
            int row = rows == null ? vectorOf[r] : rows[vectorOf[r]];
            return blockFirstOrdinals.get(blockOf[r]) + row;
        }
    }
}
