package io.sparkspann.build;

/** Groups consecutive router leaves into shards of near-equal size. */
final class ShardCuts {
    private ShardCuts() {}

    /**
     * @param counts vectors of each leaf
     * @param wished number of shards, if there are as many leaves
     * @return {@code shards + 1} first leaves; every shard has at least one leaf
     */
    static int[] of(long[] counts, int wished) {
        int shards = Math.min(wished, counts.length);
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        int[] starts = new int[shards + 1];
        long before = 0;
        int leaf = 0;
        for (int s = 1; s < shards; s++) {
            long goal = total * s / shards;
            int last = counts.length - (shards - s);
            int first = starts[s - 1] + 1;
            while (leaf < last && (leaf < first || nearer(before, counts[leaf], goal))) {
                before += counts[leaf++];
            }
            starts[s] = leaf;
        }
        starts[shards] = counts.length;
        return starts;
    }

    /** Whether a cut after the next leaf is at least as near to the goal as one before it. */
    private static boolean nearer(long before, long count, long goal) {
        return Math.abs(before + count - goal) <= Math.abs(goal - before);
    }
}
