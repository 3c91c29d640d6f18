package io.sparkspann.build;

import io.sparkspann.posting.PostingWriter;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records of a range of a shard's postings, collected in the order of their ordinals and then
 * handed out posting by posting. Not thread-safe.
 */
final class ShardRecords {
    private final int firstHead;
    private final int endHead;
    private final List<Block> blocks = new ArrayList<>();
    private final int[] blockOf;
    private final int[] vectorOf;
    private final int[] headOf;
    private final float[] distances;
    private final boolean[] homes;
    private int size;
    private Buckets byHead;

    /**
     * Vectors of one source shard.
     *
     * @param rows their rows in the source, null if that is all vectors
     */
    private record Block(VectorBlock vectors, int[] rows, long firstOrdinal) {}

    /**
     * @param records how many will be added
     */
    ShardRecords(int firstHead, int endHead, int records) {
        this.firstHead = firstHead;
        this.endHead = endHead;
        this.blockOf = new int[records];
        this.vectorOf = new int[records];
        this.headOf = new int[records];
        this.distances = new float[records];
        this.homes = new boolean[records];
    }

    int firstHead() {
        return firstHead;
    }

    int endHead() {
        return endHead;
    }

    /**
     * Begins the records of some vectors. Of one posting, records come in the order of their
     * ordinals.
     *
     * @param rows rows of the vectors in their source, null if they are all of them
     * @param firstOrdinal ordinal of the source's first vector
     */
    void block(VectorBlock vectors, int[] rows, long firstOrdinal) {
        blocks.add(new Block(vectors, rows, firstOrdinal));
    }

    /** Adds a record of a vector of the newest block. */
    void add(int vector, int head, float distance, boolean home) {
        blockOf[size] = blocks.size() - 1;
        vectorOf[size] = vector;
        headOf[size] = head - firstHead;
        distances[size] = distance;
        homes[size] = home;
        size++;
    }

    /** The records of a posting, in the order of the format; all records have been added. */
    PostingWriter.Records posting(int head) {
        if (byHead == null) {
            if (size != headOf.length) {
                throw new IllegalStateException(size + " of " + headOf.length + " records came");
            }
            byHead = Buckets.of(headOf, endHead - firstHead);
        }
        int start = byHead.start(head - firstHead);
        int count = byHead.size(head - firstHead);
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
            return blocks.get(blockOf[records[record]]).vectors();
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
            int vector = vectorOf[records[record]];
            Block block = blocks.get(blockOf[records[record]]);
            int row = block.rows() == null ? vector : block.rows()[vector];
            return block.firstOrdinal() + row;
        }
    }
}
