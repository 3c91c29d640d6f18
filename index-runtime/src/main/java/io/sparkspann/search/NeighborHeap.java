package io.sparkspann.search;

import io.sparkspann.distance.FloatOrder;
import java.util.Arrays;

/**
 * Vectors by ascending rank key, equals by id: a binary heap. Not thread-safe.
 *
 * <p>Memory: 8 bytes for each vector, up to twice that while it grows.
 */
final class NeighborHeap {
    private final OrdinalOrder order;

    /** Key and ordinal in one number, whose order is that of the keys. */
    private long[] entries = new long[256];

    private int size;

    /**
     * @param order of vectors with equal keys
     */
    NeighborHeap(OrdinalOrder order) {
        this.order = order;
    }

    int size() {
        return size;
    }

    /**
     * Adds a vector.
     *
     * @param key not NaN; -0 becomes 0
     * @param ordinal 0 to 2^32 - 1
     */
    void push(float key, long ordinal) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, Math.multiplyExact(2, size));
        }
        long entry = (long) FloatOrder.toInt(key) << 32 | ordinal;
        int at = size++;
        while (at > 0 && isBefore(entry, entries[(at - 1) >>> 1])) {
            entries[at] = entries[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        entries[at] = entry;
    }

    /** Rank key of the first vector. */
    float firstKey() {
        return FloatOrder.toFloat((int) (entries[0] >> 32));
    }

    /** Ordinal of the first vector. */
    long firstOrdinal() {
        return ordinal(entries[0]);
    }

    void clear() {
        size = 0;
    }

    /** Removes the first vector. */
    void pop() {
        long entry = entries[--size];
        int at = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && isBefore(entries[child + 1], entries[child])) {
                child++;
            }
            if (!isBefore(entries[child], entry)) {
                break;
            }
            entries[at] = entries[child];
            at = child;
            child = 2 * at + 1;
        }
        entries[at] = entry;
    }

    private boolean isBefore(long first, long second) {
        int a = (int) (first >> 32);
        int b = (int) (second >> 32);
        return a == b ? order.compare(ordinal(first), ordinal(second)) < 0 : a < b;
    }

    private static long ordinal(long entry) {
        return entry & 0xFFFFFFFFL;
    }
}
