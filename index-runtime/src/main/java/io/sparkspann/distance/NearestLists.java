package io.sparkspann.distance;

import java.util.Arrays;

/**
 * For each of many queries the nearest few of the numbers offered to it.
 *
 * <p>Order: ascending distance, then ascending number, so that the content does not depend on the
 * order of the offers. A number must not be offered twice to the same query. Not thread-safe.
 *
 * <p>Offers are collected in a buffer. When it is full, a pivot that is taken from a sample and
 * that at least as many entries as the list needs lie below bounds what may stay and what may still
 * enter: several times cheaper than a heap, whose every offer walks a path of unpredictable
 * branches.
 */
public final class NearestLists {
    /** Offers that a buffer holds beyond the list, at least. */
    private static final int SPARE = 64;

    /** A bound that keeps out what is infinitely far. */
    private static final long OPEN = entry(Float.POSITIVE_INFINITY, 0);

    private final int capacity;
    private final int room;
    private final SortedSample sample = new SortedSample();
    private long[] entries = new long[0];
    private int[] sizes = new int[0];
    private int[] lengths = new int[0];
    private long[] bounds = new long[0];

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
            bounds = new long[queries];
        }
        Arrays.fill(sizes, 0, queries, 0);
        Arrays.fill(lengths, 0, queries, capacity);
        Arrays.fill(bounds, 0, queries, OPEN);
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
        return FloatOrder.toFloat((int) (entry >> 31));
    }

    /** Number {@code rank} of a list; call {@link #sort} first. */
    public int number(int query, int rank) {
        return (int) entries[query * room + rank] & Integer.MAX_VALUE;
    }

    /** A distance above which an offer cannot enter a list. */
    public float limit(int query) {
        return distance(bounds[query]);
    }

    /**
     * @param number 0 or more
     */
    public void offer(int query, float distance, int number) {
        long entry = entry(distance, number);
        if (entry < bounds[query]) {
            makeRoom(query, 1);
            entries[query * room + sizes[query]++] = entry;
        }
    }

    /** Offers {@code count} distances from {@code from} on, with ascending numbers. */
    public void offerRun(int query, float[] distances, int from, int count, int firstNumber) {
        for (int done = 0; done < count; done += SPARE) {
            int some = Math.min(SPARE, count - done);
            makeRoom(query, some);
            append(query, distances, from + done, some, firstNumber + done);
        }
    }

    /** Every entry is written, and the end moves on if it is below the bound: no branches. */
    private void append(int query, float[] distances, int from, int count, int firstNumber) {
        long[] e = entries;
        long bound = bounds[query];
        int start = query * room;
        int end = start + sizes[query];
        for (int i = 0; i < count; i++) {
            long entry = entry(distances[from + i], firstNumber + i);
            e[end] = entry;
            end += isLess(entry, bound);
        }
        sizes[query] = end - start;
    }

    /** 1 or 0. */
    private static int isLess(long entry, long bound) {
        return (int) ((entry - bound) >>> 63);
    }

    /**
     * Bits of a float in an order that integers have too; equal distances are ordered by number. 63
     * bits, so that the difference of two entries does not overflow.
     */
    private static long entry(float distance, int number) {
        return (long) FloatOrder.toInt(distance) << 31 | number;
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
     * Lets a list grow no longer than this, and makes the limit tighter at once if there are as
     * many offers.
     *
     * @param length 1 to the capacity
     */
    public void shorten(int query, int length) {
        lengths[query] = length;
        if (sizes[query] >= length) {
            trim(query);
        }
    }

    private void makeRoom(int query, int count) {
        if (sizes[query] + count > room) {
            trim(query);
            if (sizes[query] + count > room) {
                cut(query);
            }
        }
    }

    /** Drops entries that are beyond the length of a list for sure, and bounds what may enter. */
    private void trim(int query) {
        int from = query * room;
        int size = sizes[query];
        int length = lengths[query];
        sample.take(entries, from, size);
        int first = Math.min(SortedSample.SIZE - 1, length * SortedSample.SIZE / size + 1);
        for (int i = first; i < SortedSample.SIZE; i++) {
            long pivot = sample.get(i);
            if (countLess(from, size, pivot) >= length) {
                sizes[query] = keepLess(from, size, pivot);
                bounds[query] = pivot;
                return;
            }
        }
        cut(query);
    }

    private int countLess(int from, int size, long pivot) {
        long[] e = entries;
        int count = 0;
        for (int i = from; i < from + size; i++) {
            count += isLess(e[i], pivot);
        }
        return count;
    }

    private int keepLess(int from, int size, long pivot) {
        long[] e = entries;
        int end = from;
        for (int i = from; i < from + size; i++) {
            long entry = e[i];
            e[end] = entry;
            end += isLess(entry, pivot);
        }
        return end - from;
    }

    /** Keeps the nearest entries of a list, as many as its length, in any order. */
    private void cut(int query) {
        int from = query * room;
        int length = lengths[query];
        nearestFirst(from, from + sizes[query] - 1, from + length - 1);
        sizes[query] = length;
        long last = entries[from];
        for (int i = from + 1; i < from + length; i++) {
            last = Math.max(last, entries[i]);
        }
        bounds[query] = last + 1;
    }

    /**
     * Moves the nearest entries among those at rank {@code from} and beyond to the ranks {@code
     * [from, to)}, in any order; nothing may be offered to the list afterwards.
     *
     * @param to where the list ends at most
     */
    public void select(int query, int from, int to) {
        int base = query * room;
        if (from < to && to < sizes[query]) {
            nearestFirst(base + from, base + sizes[query] - 1, base + to - 1);
        }
    }

    /**
     * Selection: afterwards no entry before {@code k} is greater than the one at {@code k}, and
     * none behind it less. Partitions without branches that depend on data (Lomuto's scheme, the
     * sign of a difference moves the border), for half of them would be mispredicted.
     */
    private void nearestFirst(int from, int to, int k) {
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
            border += isLess(entry, pivot);
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
            trim(query);
        }
        int from = query * room;
        Arrays.sort(entries, from, from + sizes[query]);
        sizes[query] = Math.min(sizes[query], lengths[query]);
    }
}
