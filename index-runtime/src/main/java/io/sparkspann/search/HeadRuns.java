package io.sparkspann.search;

import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/** For each query a run of heads, nearest first, and a bound for the keys of its neighbours. */
final class HeadRuns {
    private final int[] starts;
    private final float[] bounds;
    private int queries;
    private int[] heads;

    HeadRuns(int queries) {
        this.starts = new int[queries + 1];
        this.bounds = new float[queries];
        this.heads = new int[1024];
    }

    /**
     * Adds the next query, with the first {@code count} entries of a sorted list.
     *
     * @param bound rank key that no neighbour exceeds
     */
    void add(NearestLists lists, int list, int count, float bound) {
        int at = starts[queries];
        if (at + count > heads.length) {
            heads = Arrays.copyOf(heads, Math.max(at + count, 2 * heads.length));
        }
        for (int r = 0; r < count; r++) {
            heads[at + r] = lists.number(list, r);
        }
        bounds[queries] = bound;
        starts[++queries] = at + count;
    }

    /** Adds the next query with its heads. */
    void add(int[] queryHeads, float bound) {
        int at = starts[queries];
        int end = at + queryHeads.length;
        if (end > heads.length) {
            heads = Arrays.copyOf(heads, Math.max(end, 2 * heads.length));
        }
        System.arraycopy(queryHeads, 0, heads, at, queryHeads.length);
        bounds[queries] = bound;
        starts[++queries] = end;
    }

    /** Number of queries so far. */
    int queries() {
        return queries;
    }

    /** Number of heads of all queries so far. */
    int pairs() {
        return starts[queries];
    }

    /** Position of the first head of a query. */
    int start(int query) {
        return starts[query];
    }

    int head(int position) {
        return heads[position];
    }

    /** The heads of a query, copied. */
    int[] heads(int query) {
        return Arrays.copyOfRange(heads, starts[query], starts[query + 1]);
    }

    float bound(int query) {
        return bounds[query];
    }

    /**
     * The queries in the order of their nearest heads, equals and those without a head in their own
     * order.
     */
    int[] byFirst() {
        long[] keys = new long[queries];
        for (int q = 0; q < queries; q++) {
            long first = starts[q] < starts[q + 1] ? heads[starts[q]] : Integer.MAX_VALUE;
            keys[q] = first << 32 | q;
        }
        Arrays.sort(keys);
        int[] order = new int[queries];
        for (int i = 0; i < queries; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }
}
