package io.sparkspann.search;

import java.util.Arrays;

/**
 * For each of many queries the k nearest vectors found so far, each at most once, by ascending rank
 * key, equals by id. The content does not depend on the order of the offers. Not thread-safe.
 *
 * <p>Memory: 12 bytes for each query and neighbour. An offer costs a binary search and a move of
 * the farther neighbours.
 */
public final class TopK {
    private final int k;
    private final OrdinalOrder order;
    private final float[] keys;
    private final long[] ordinals;
    private final int[] sizes;
    private final float[] bounds;

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
        this.bounds = new float[queries];
        Arrays.fill(bounds, Float.POSITIVE_INFINITY);
    }

    /** Says that nothing with a greater rank key than this is of interest to a query. */
    public void bound(int query, float key) {
        bounds[query] = key;
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
        return sizes[query] < k ? bounds[query] : Math.min(bounds[query], keys[query * k + k - 1]);
    }

    /** Offers a vector; the same vector must always come with the same key. */
    public void offer(int query, float key, long ordinal) {
        int base = query * k;
        int size = sizes[query];
        if (size == k && key > keys[base + k - 1]) {
            return;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int compared = compare(base + middle, key, ordinal);
            if (compared == 0) {
                return;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == k) {
            return;
        }
        int moved = Math.min(size, k - 1) - low;
        System.arraycopy(keys, base + low, keys, base + low + 1, moved);
        System.arraycopy(ordinals, base + low, ordinals, base + low + 1, moved);
        keys[base + low] = key;
        ordinals[base + low] = ordinal;
        sizes[query] = Math.min(k, size + 1);
    }

    private int compare(int at, float key, long ordinal) {
        if (keys[at] != key) {
            return keys[at] < key ? -1 : 1;
        }
        return ordinals[at] == ordinal ? 0 : order.compare(ordinals[at], ordinal);
    }
}
