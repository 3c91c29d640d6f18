package io.sparkspann.search;

import io.sparkspann.distance.FloatOrder;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * The vectors nearest to one query that have not come yet, with all that are as near as the last of
 * them. The content does not depend on the order of the offers. Not thread-safe.
 *
 * <p>Memory: 8 bytes for each vector that is wanted or as near, two to four times.
 */
final class NextNeighbors implements Collector {
    private static final int FIRST_LENGTH = 256;

    private final long wanted;
    private final RoaringBitmap come;

    /** Key and ordinal in one number, whose order is that of the keys; some may be there twice. */
    private long[] entries = new long[FIRST_LENGTH];

    private int size;
    private float limit = Float.POSITIVE_INFINITY;

    /**
     * @param wanted how many, at least 1
     * @param come ordinals that are of no interest
     */
    NextNeighbors(long wanted, RoaringBitmap come) {
        this.wanted = wanted;
        this.come = come;
    }

    @Override
    public float limit(int query) {
        return limit;
    }

    @Override
    public void offer(int query, float key, long ordinal) {
        if (key > limit || come.contains((int) ordinal)) {
            return;
        }
        if (size == entries.length) {
            select();
            if (size > entries.length / 2) {
                entries = Arrays.copyOf(entries, Math.multiplyExact(2, entries.length));
            }
        }
        entries[size++] = (long) FloatOrder.toInt(key) << 32 | ordinal;
    }

    /** Drops what is farther than the last that is wanted, and what is there twice. */
    private void select() {
        Arrays.sort(entries, 0, size);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            boolean isNew = kept == 0 || entries[kept - 1] != entries[i];
            if (isNew && (kept < wanted || key(i) == key((int) wanted - 1))) {
                entries[kept++] = entries[i];
            }
        }
        size = kept;
        if (kept >= wanted) {
            limit = key((int) wanted - 1);
        }
    }

    private float key(int entry) {
        return FloatOrder.toFloat((int) (entries[entry] >> 32));
    }

    /** Moves all to a heap. */
    void moveTo(NeighborHeap heap) {
        select();
        for (int i = 0; i < size; i++) {
            heap.push(key(i), entries[i] & 0xFFFFFFFFL);
        }
        size = 0;
    }
}
