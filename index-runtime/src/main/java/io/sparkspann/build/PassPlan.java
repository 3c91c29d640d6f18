package io.sparkspann.build;

import java.util.Arrays;

/**
 * In how many passes the postings of a shard are written: each pass over a range of heads whose
 * records, with the vectors that other shards send along, fit a budget. A single posting that does
 * not has a pass of its own.
 *
 * @param starts {@code passes + 1} first heads
 * @param records number of records of each pass
 */
record PassPlan(int[] starts, int[] records) {
    int heads() {
        return starts[starts.length - 1];
    }

    int passes() {
        return records.length;
    }

    /** Room for the records of a pass. */
    ShardRecords pass(int pass) {
        return new ShardRecords(starts[pass], starts[pass + 1], records[pass]);
    }

    /** What the postings of a shard receive. */
    static final class Load {
        /** What is kept for a record beside its vector. */
        private static final int RECORD_BYTES = 25;

        private final int vectorBytes;
        private final int[] records;
        private final long[] bytes;
        private long sentBytes;

        /**
         * @param heads number of postings
         */
        Load(int heads, TableShape table) {
            this.vectorBytes = Integer.BYTES + table.dimensions() * table.elementType().bytes();
            this.records = new int[heads];
            this.bytes = new long[heads];
        }

        /** Adds what one source sends to a posting. */
        void add(int head, int count, boolean withVectors) {
            records[head] = Math.addExact(records[head], count);
            bytes[head] += (long) count * (RECORD_BYTES + (withVectors ? vectorBytes : 0));
        }

        /** Adds the true length of what one source sends, in which records share vectors. */
        void addSent(long length) {
            sentBytes += length;
        }

        PassPlan plan(long budgetBytes) {
            long all = Arrays.stream(records).asLongStream().sum();
            if (sentBytes + all * RECORD_BYTES <= budgetBytes) {
                return new PassPlan(
                        new int[] {0, records.length}, new int[] {ArrayLimit.check(all)});
            }
            int[] starts = new int[records.length + 1];
            int[] counts = new int[records.length];
            int passes = 0;
            int head = 0;
            while (head < records.length) {
                long sum = 0;
                long count = 0;
                do {
                    sum += bytes[head];
                    count += records[head++];
                } while (head < records.length && sum + bytes[head] <= budgetBytes);
                counts[passes++] = ArrayLimit.check(count);
                starts[passes] = head;
            }
            return new PassPlan(Arrays.copyOf(starts, passes + 1), Arrays.copyOf(counts, passes));
        }
    }
}
