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
    private int[] lengths = new int[0];
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
            lengths = new int[queries];
            limits = new float[queries];
        }
        Arrays.fill(sizes, 0, queries, 0);
        Arrays.fill(lengths, 0, queries, capacity);
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
        return distance(entries[query * room + rank]);
    }

    private static float distance(long entry) {
        int ordered = (int) (entry >> 31);
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
    }

    /** Number {@code rank} of a list; call {@link #sort} first. */
    public int number(int query, int rank) {
        return (int) entries[query * room + rank] & Integer.MAX_VALUE;
    }

    /** A distance above which an offer cannot enter a list. */
    public float limit(int query) {
        return limits[query];
    }

    /** Whether a list takes whatever it is offered. */
    public boolean isOpen(int query) {
        return limits[query] == Float.POSITIVE_INFINITY;
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
        entries[query * room + sizes[query]++] = entry(distance, number);
    }

    /** Offers {@code count} distances from {@code from} on, with ascending numbers. */
    public void offerRun(int query, float[] distances, int from, int count, int firstNumber) {
        if (sizes[query] + count > room) {
            for (int i = 0; i < count; i++) {
                offer(query, distances[from + i], firstNumber + i);
            }
            return;
        }
        int at = query * room + sizes[query];
        for (int i = 0; i < count; i++) {
            entries[at + i] = entry(distances[from + i], firstNumber + i);
        }
        sizes[query] += count;
    }

    /**
     * Bits of a float in an order that integers have too; equal distances are ordered by number. 63
     * bits, so that the difference of two entries does not overflow.
     */
    private static long entry(float distance, int number) {
        int bits = Float.floatToRawIntBits(distance + 0f);
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return (long) ordered << 31 | number;
    }

    /** The least distance offered so far to a list that is not empty. */
    public float least(int query) {
        int from = query * room;
        long least = entries[from];
        for (int i = from + 1; i < from + sizes[query]; i++) {
            least = Math.min(least, entries[i]);
        }
        return distance(least);
    }

    /**
     * Drops what is beyond the nearest {@code length} now, so that the limit becomes tight, and
     * lets the list grow no longer than that.
     *
     * @param length 1 to the capacity
     */
    public void shorten(int query, int length) {
        lengths[query] = length;
        if (sizes[query] >= length) {
            cut(query);
        }
    }

    /** Keeps the nearest entries of a list, in any order. */
    private void cut(int query) {
        int from = query * room;
        int length = lengths[query];
        select(from, from + sizes[query] - 1, from + length - 1);
        sizes[query] = length;
        limits[query] = distance(query, length - 1);
    }

    /**
     * Selection: afterwards no entry before {@code k} is greater than the one at {@code k}, and
     * none behind it less. Partitions without branches that depend on data (Lomuto's scheme, the
     * sign of a difference moves the border), for half of them would be mispredicted.
     */
    private void select(int from, int to, int k) {
        int low = from;
        int high = to;
        while (low < high && low <= k) {
            int middle = (low + high) >>> 1;
            long pivot = median(entries[low], entries[middle], entries[high]);
            int border = partition(low, high, pivot);
            // Entries in [low, border) are less than the pivot; the pivot itself is not.
            if (k < border) {
                high = border - 1;
            } else if (border == low) {
                // The pivot is the least: it goes to the front.
                toFront(low, high, pivot);
                low++;
            } else {
                low = border;
            }
        }
    }

    private int partition(int low, int high, long pivot) {
        long[] e = entries;
        int border = low;
        for (int i = low; i <= high; i++) {
            long entry = e[i];
            e[i] = e[border];
            e[border] = entry;
            border += (int) ((entry - pivot) >>> 63);
        }
        return border;
    }

    private void toFront(int low, int high, long entry) {
        for (int i = low; i <= high; i++) {
            if (entries[i] == entry) {
                entries[i] = entries[low];
                entries[low] = entry;
                return;
            }
        }
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** Puts a list in ascending order; nothing may be offered to it afterwards. */
    public void sort(int query) {
        if (sizes[query] > lengths[query]) {
            cut(query);
        }
        int from = query * room;
        Arrays.sort(entries, from, from + sizes[query]);
    }
}
