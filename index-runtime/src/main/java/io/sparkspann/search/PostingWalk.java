package io.sparkspann.search;

import io.sparkspann.posting.LoadedPosting;

/**
 * Brings the postings of some heads to memory, in the order of the heads, in batches that are read
 * at once. Reusable state of one thread.
 */
final class PostingWalk {
    private final PostingStore store;
    private final PostingsWanted wanted = new PostingsWanted();
    private int[] heads;
    private int count;
    private int from;
    private int to;

    PostingWalk(PostingStore store) {
        this.store = store;
    }

    /** Begins with the first {@code headCount} of some heads; the array is used until the end. */
    void start(int[] headNumbers, int headCount) {
        heads = headNumbers;
        count = headCount;
        from = 0;
        to = 0;
    }

    /**
     * Brings the next postings, in place of those before.
     *
     * @param scorer is told of postings that are in memory
     * @return false if there are no more
     */
    boolean load(RowScorer scorer, ScanStats stats) {
        wanted.clear();
        from = to;
        long bytes = 0;
        while (to < count && to - from < PostingStore.BATCH_POSTINGS) {
            LoadedPosting posting = store.find(heads[to]);
            if (posting != null) {
                scorer.announce(posting);
            } else {
                bytes += store.bytes(heads[to]);
                if (bytes > PostingStore.BATCH_BYTES && to > from) {
                    break;
                }
                wanted.add(heads[to], to - from);
            }
            wanted.put(to - from, posting);
            to++;
        }
        if (wanted.count() > 0) {
            store.read(wanted, stats);
        }
        return to > from;
    }

    /** How many postings the last call has brought. */
    int loaded() {
        return to - from;
    }

    LoadedPosting posting(int i) {
        return wanted.posting(i);
    }

    /** Lets go of the postings. */
    void end() {
        wanted.clear();
    }
}
