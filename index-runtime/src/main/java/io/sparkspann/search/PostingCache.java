package io.sparkspann.search;

import io.sparkspann.posting.LoadedPosting;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Postings that are kept in memory, within a budget. While there is room, every posting is kept.
 * After that a hand goes round over all postings, and what was not used since it last came by makes
 * room (the clock algorithm); a posting enters only when it is asked for a second time within a
 * round, so that a posting that is read once costs no other its place.
 *
 * <p>Memory: the budget, and 9 bytes for each posting of the index. Thread-safe; finding a posting
 * takes no lock and writes nothing that another search reads, but for the first use in a round.
 */
final class PostingCache {
    private final long budgetBytes;
    private final AtomicReferenceArray<LoadedPosting> postings;
    private final long[] sizes;

    /** Whether a posting was asked for since the hand came by. Races lose a mark at worst. */
    private final boolean[] used;

    private long bytes;
    private int hand;
    private volatile boolean full;

    /**
     * @param count number of postings; they go by numbers from 0
     */
    PostingCache(int count, long budgetBytes) {
        this.budgetBytes = budgetBytes;
        this.postings = new AtomicReferenceArray<>(budgetBytes > 0 ? count : 0);
        this.sizes = new long[postings.length()];
        this.used = new boolean[postings.length()];
    }

    /** A posting, null if it is not here. */
    LoadedPosting find(int number) {
        if (postings.length() == 0) {
            return null;
        }
        LoadedPosting posting = postings.getAcquire(number);
        if (posting != null && !used[number]) {
            used[number] = true;
        }
        return posting;
    }

    /**
     * Whether a posting that was not found is worth keeping; ask once for each time that it was not
     * found.
     *
     * @param postingBytes memory that it will take
     */
    boolean admits(int number, long postingBytes) {
        if (postingBytes > budgetBytes) {
            return false;
        }
        if (!full || used[number]) {
            return true;
        }
        used[number] = true;
        return false;
    }

    /** Keeps a posting, unless it is here already. */
    synchronized void put(int number, LoadedPosting posting, long postingBytes) {
        if (postingBytes > budgetBytes || postings.get(number) != null) {
            return;
        }
        while (bytes + postingBytes > budgetBytes) {
            full = true;
            advance();
        }
        sizes[number] = postingBytes;
        bytes += postingBytes;
        postings.setRelease(number, posting);
    }

    private void advance() {
        if (used[hand]) {
            used[hand] = false;
        } else if (postings.get(hand) != null) {
            postings.set(hand, null);
            bytes -= sizes[hand];
        }
        hand = hand + 1 == used.length ? 0 : hand + 1;
    }

    /** Memory of the postings that are here. */
    synchronized long bytes() {
        return bytes;
    }
}
