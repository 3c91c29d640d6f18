package io.sparkspann.search;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.LoadedPosting;
import io.sparkspann.posting.PostingLayout;
import java.util.Arrays;

/**
 * The postings of a batch that one search reads. Entries may be set by several threads, each by
 * one. A reusable buffer: postings that are not kept in memory are decoded to the same objects over
 * and over.
 */
final class PostingsWanted {
    /** Buffers for longer postings are not kept. */
    private static final long KEPT_BYTES = PostingStore.BATCH_BYTES / PostingStore.BATCH_POSTINGS;

    /** Head in the upper half, slot in the lower one. */
    private final long[] entries = new long[PostingStore.BATCH_POSTINGS];

    private final LoadedPosting[] found = new LoadedPosting[PostingStore.BATCH_POSTINGS];
    private final LoadedPosting[] own = new LoadedPosting[PostingStore.BATCH_POSTINGS];
    private int count;

    /** Forgets all postings, so that none is held longer than the cache holds it. */
    void clear() {
        count = 0;
        Arrays.fill(found, null);
    }

    /**
     * @param slot where the posting is wanted: see {@link #posting}
     */
    void add(int head, int slot) {
        entries[count++] = (long) head << 32 | slot;
    }

    /** Number of postings to read. */
    int count() {
        return count;
    }

    /** Puts entries in the order of their heads. */
    void sort() {
        Arrays.sort(entries, 0, count);
    }

    int head(int entry) {
        return (int) (entries[entry] >>> 32);
    }

    void set(int entry, LoadedPosting posting) {
        found[(int) entries[entry]] = posting;
    }

    /**
     * A buffer for an entry, which becomes its posting.
     *
     * @param memoryBytes what the posting will take
     */
    LoadedPosting reused(int entry, VectorSpace space, PostingLayout layout, long memoryBytes) {
        int slot = (int) entries[entry];
        if (memoryBytes > KEPT_BYTES) {
            found[slot] = new LoadedPosting(space, layout);
        } else {
            if (own[slot] == null) {
                own[slot] = new LoadedPosting(space, layout);
            }
            found[slot] = own[slot];
        }
        return found[slot];
    }

    /** Sets the posting of a slot that need not be read. */
    void put(int slot, LoadedPosting posting) {
        found[slot] = posting;
    }

    /** The posting of a slot. */
    LoadedPosting posting(int slot) {
        return found[slot];
    }
}
