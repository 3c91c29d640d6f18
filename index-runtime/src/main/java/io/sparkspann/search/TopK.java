package io.sparkspann.search;

import io.sparkspann.distance.FloatOrder;
import java.util.Arrays;

/**
 * For each of many queries the k nearest vectors found so far, each at most once, by ascending rank
 * key, equals by id. The content does not depend on the order of the offers. Not thread-safe.
 *
 * <p>Memory: 8 bytes for each query and neighbour. An offer costs a search and a move of the
 * farther neighbours.
 */
public final class TopK implements Collector, RankedLists {
    /** In stretches of a list up to this length the smaller keys are counted. */
    private static final int COUNTED = 16;

    /** Fills the places of a list that are not taken: greater than any neighbour. */
    private static final long EMPTY = Long.MAX_VALUE;

    private final int k;
    private final OrdinalOrder order;

    /** Key and ordinal in one number, whose order is that of the keys. */
    private final long[] entries;

    private final float[] limits;

    /**
     * @param queries number of lists
     * @param k length of a list, at least 1
     * @param order of vectors with equal keys
     */
    public TopK(int queries, int k, OrdinalOrder order) {
        this.k = k;
        this.order = order;
        this.entries = new long[Math.multiplyExact(queries, k)];
        this.limits = new float[queries];
        Arrays.fill(entries, EMPTY);
        Arrays.fill(limits, Float.POSITIVE_INFINITY);
    }

    /** Says that nothing with a greater rank key than this is of interest to a query. */
    public void bound(int query, float key) {
        limits[query] = key;
    }

    /** The same, where the limit may be less already. */
    public void tighten(int query, float key) {
        limits[query] = Math.min(limits[query], key);
    }

    @Override
    public int queries() {
        return limits.length;
    }

    public int k() {
        return k;
    }

    @Override
    public int size(int query) {
        int size = k;
        while (size > 0 && entries[query * k + size - 1] == EMPTY) {
            size--;
        }
        return size;
    }

    @Override
    public float key(int query, int rank) {
        return key(entries[query * k + rank]);
    }

    private static float key(long entry) {
        return FloatOrder.toFloat((int) (entry >> 32));
    }

    @Override
    public long ordinal(int query, int rank) {
        return ordinal(entries[query * k + rank]);
    }

    private static long ordinal(long entry) {
        return entry & 0xFFFFFFFFL;
    }

    /** The least entry with a key. */
    private static long least(float key) {
        return (long) FloatOrder.toInt(key) << 32;
    }

    /** The greatest rank key that can still enter; the bound while the list is not full. */
    @Override
    public float limit(int query) {
        return limits[query];
    }

    /**
     * Offers a vector; the same vector must always come with the same key.
     *
     * @param key not NaN; -0 becomes 0
     * @param ordinal 0 to 2^32 - 1
     */
    @Override
    public void offer(int query, float key, long ordinal) {
        if (key > limits[query]) {
            return;
        }
        int base = query * k;
        long least = least(key);
        int rank = base + rank(base, least);
        for (; rank < base + k && (entries[rank] ^ least) >>> 32 == 0; rank++) {
            long other = ordinal(entries[rank]);
            if (other == ordinal) {
                return;
            }
            if (order.compare(other, ordinal) > 0) {
                break;
            }
        }
        if (rank < base + k) {
            insert(query, rank, least | ordinal);
        }
    }

    /** How many neighbours are nearer than the vectors of an entry's key. */
    private int rank(int base, long least) {
        int low = 0;
        int high = k;
        while (high - low > COUNTED) {
            int middle = (low + high) >>> 1;
            if (entries[base + middle] < least) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int rank = low;
        for (int i = low; i < high; i++) {
            // Counted instead of searched: no branch to mispredict.
            rank += entries[base + i] < least ? 1 : 0;
        }
        return rank;
    }

    private void insert(int query, int at, long entry) {
        int last = query * k + k - 1;
        for (int i = last; i > at; i--) {
            entries[i] = entries[i - 1];
        }
        entries[at] = entry;
        if (entries[last] != EMPTY) {
            limits[query] = Math.min(limits[query], key(entries[last]));
        }
    }

    /** Takes over lists for the queries of these numbers, in place of what there was. */
    void take(TopK lists, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(lists.entries, i * k, entries, numbers[i] * k, k);
            limits[numbers[i]] = lists.limits[i];
        }
    }
}
