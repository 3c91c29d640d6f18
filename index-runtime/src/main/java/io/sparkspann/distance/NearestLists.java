package io.sparkspann.distance;

import java.util.Arrays;

/**
 * For each of many queries the nearest few of the numbers offered to it.
 *
 * <p>Order: ascending distance, then ascending number, so that the content does not depend on the
 * order of the offers. A number must not be offered twice to the same query. Not thread-safe.
 *
 * <p>Offers are collected in a buffer that is cut back to the nearest ones by selection when it is
 * full: several times cheaper than a heap, whose every offer walks a path of unpredictable
 * branches.
 */
public final class NearestLists {
    /** Offers that a buffer holds beyond the list, at least. */
    private static final int SPARE = 64;

    private final int capacity;
    private final int room;
    private long[] entries = new long[0];
    private int[] sizes = new int[0];
    private float[] limits = new float[0];

    /**
     * @param capacity greatest length of a list, at least 1
     */
    public NearestLists(int capacity) {
        this.capacity = capacity;
        this.room = Math.addExact(capacity, Math.max(SPARE, capacity));
    }

    /** Empties the lists and makes room for {@code queries} of them. */
    public void reset(int queries) {
        int needed = Math.multiplyExact(queries, room);
        if (entries.length < needed) {
            entries = new long[needed];
        }
        if (sizes.length < queries) {
            sizes = new int[queries];
            limits = new float[queries];
        }
        Arrays.fill(sizes, 0, queries, 0);
        Arrays.fill(limits, 0, queries, Float.POSITIVE_INFINITY);
    }

    public int capacity() {
        return capacity;
    }

    /** Length of a list; call {@link #sort} first. */
    public int size(int query) {
        return sizes[query];
    }

    /** Distance {@code rank} of a list; call {@link #sort} first. */
    public float distance(int query, int rank) {
        int ordered = (int) (entries[query * room + rank] >> 32);
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
    }

    /** Number {@code rank} of a list; call {@link #sort} first. */
    public int number(int query, int rank) {
        return (int) entries[query * room + rank];
    }

    /** A distance above which an offer cannot enter a list. */
    public float limit(int query) {
        return limits[query];
    }

    /**
     * @param number 0 or more
     */
    public void offer(int query, float distance, int number) {
        if (sizes[query] == room) {
            cut(query);
            if (distance > limits[query]) {
                return;
            }
        }
        // Bits of a float in an order that integers have too; equal distances are ordered by
        // number.
        int bits = Float.floatToRawIntBits(distance + 0f);
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        entries[query * room + sizes[query]++] = (long) ordered << 32 | number;
    }

    /** Keeps the nearest {@code capacity} entries of a list, in any order. */
    private void cut(int query) {
        int from = query * room;
        select(from, from + sizes[query] - 1, from + capacity - 1);
        sizes[query] = capacity;
        limits[query] = distance(query, capacity - 1);
    }

    /**
     * Hoare's selection: afterwards no entry before {@code k} is greater than the one at {@code k},
     * and none behind it less.
     */
    private void select(int from, int to, int k) {
        int low = from;
        int high = to;
        while (low < high) {
            long pivot = median(entries[low], entries[(low + high) >>> 1], entries[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (entries[i] < pivot) {
                    i++;
                }
                while (entries[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    long swap = entries[i];
                    entries[i++] = entries[j];
                    entries[j--] = swap;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** Puts a list in ascending order; nothing may be offered to it afterwards. */
    public void sort(int query) {
        if (sizes[query] > capacity) {
            cut(query);
        }
        int from = query * room;
        Arrays.sort(entries, from, from + sizes[query]);
    }
}
