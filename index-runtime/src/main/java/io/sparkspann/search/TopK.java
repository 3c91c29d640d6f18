package io.sparkspann.search;

import java.util.Arrays;

/**
 * For each of many queries the k nearest vectors found so far, each at most once, by ascending rank
 * key, equals by id. The content does not depend on the order of the offers. Not thread-safe.
 *
 * <p>Memory: 12 bytes for each query and neighbour. An offer costs a search and a move of the
 * farther neighbours.
 */
public final class TopK {
    /** In stretches of a list up to this length the smaller keys are counted. */
    private static final int COUNTED = 16;

    private final int k;
    private final OrdinalOrder order;
    private final float[] keys;
    private final long[] ordinals;
    private final int[] sizes;
    private final float[] limits;

    /**
     * @param queries number of lists
     * @param k length of a list, at least 1
     */
    public TopK(int queries, int k, OrdinalOrder order) {
        this.k = k;
        this.order = order;
        int length = Math.multiplyExact(queries, k);
        this.keys = new float[length];
        this.ordinals = new long[length];
        this.sizes = new int[queries];
        this.limits = new float[queries];
        Arrays.fill(limits, Float.POSITIVE_INFINITY);
    }

    /** Says that nothing with a greater rank key than this is of interest to a query. */
    public void bound(int query, float key) {
        limits[query] = key;
    }

    public int queries() {
        return sizes.length;
    }

    public int k() {
        return k;
    }

    public int size(int query) {
        return sizes[query];
    }

    /** Rank key of neighbour {@code rank}, ascending. */
    public float key(int query, int rank) {
        return keys[query * k + rank];
    }

    public long ordinal(int query, int rank) {
        return ordinals[query * k + rank];
    }

    /** The greatest rank key that can still enter; the bound while the list is not full. */
    public float limit(int query) {
        return limits[query];
    }

    /** Offers a vector; the same vector must always come with the same key. */
    public void offer(int query, float key, long ordinal) {
        if (key > limits[query]) {
            return;
        }
        int base = query * k;
        int size = sizes[query];
        int low = 0;
        int high = size;
        while (high - low > COUNTED) {
            int middle = (low + high) >>> 1;
            if (keys[base + middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int rank = low;
        for (int i = low; i < high; i++) {
            // Counted instead of searched: no branch to mispredict.
            rank += keys[base + i] < key ? 1 : 0;
        }
        for (; rank < size && keys[base + rank] == key; rank++) {
            int compared = compare(base + rank, ordinal);
            if (compared == 0) {
                return;
            }
            if (compared > 0) {
                break;
            }
        }
        if (rank < k) {
            insert(query, rank, key, ordinal);
        }
    }

    private void insert(int query, int rank, float key, long ordinal) {
        int base = query * k;
        int last = base + Math.min(sizes[query], k - 1);
        for (int i = last; i > base + rank; i--) {
            keys[i] = keys[i - 1];
            ordinals[i] = ordinals[i - 1];
        }
        keys[base + rank] = key;
        ordinals[base + rank] = ordinal;
        if (sizes[query] < k) {
            sizes[query]++;
        }
        if (sizes[query] == k) {
            limits[query] = Math.min(limits[query], keys[base + k - 1]);
        }
    }

    /** Takes over lists for the queries of these numbers, in place of what there was. */
    void take(TopK lists, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            int size = lists.sizes[i];
            System.arraycopy(lists.keys, i * lists.k, keys, numbers[i] * k, size);
            System.arraycopy(lists.ordinals, i * lists.k, ordinals, numbers[i] * k, size);
            sizes[numbers[i]] = size;
            limits[numbers[i]] = lists.limits[i];
        }
    }

    private int compare(int at, long ordinal) {
        return ordinals[at] == ordinal ? 0 : order.compare(ordinals[at], ordinal);
    }
}
