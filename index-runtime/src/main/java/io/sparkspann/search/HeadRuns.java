package io.sparkspann.search;

import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/** For each query a run of heads, nearest first. */
final class HeadRuns {
    private final int[] starts;
    private int queries;
    private int[] heads;

    HeadRuns(int queries) {
        this.starts = new int[queries + 1];
        this.heads = new int[16 * queries];
    }

    /** Adds the next query, with the first {@code count} entries of a sorted list. */
    void add(NearestLists lists, int list, int count) {
        int at = starts[queries];
        if (at + count > heads.length) {
            heads = Arrays.copyOf(heads, Math.max(at + count, Math.max(1024, 2 * at)));
        }
        for (int r = 0; r < count; r++) {
            heads[at + r] = lists.number(list, r);
        }
        starts[++queries] = at + count;
    }

    /** Position of the first head of a query. */
    int start(int query) {
        return starts[query];
    }

    int head(int position) {
        return heads[position];
    }

    /**
     * The queries in the order of their nearest heads, equals and those without a head in their own
     * order.
     *
     * @param allHeads heads are below this number
     */
    int[] byFirst(int allHeads) {
        int[] next = new int[allHeads + 2];
        for (int q = 0; q < queries; q++) {
            next[first(q, allHeads) + 1]++;
        }
        for (int h = 0; h <= allHeads; h++) {
            next[h + 1] += next[h];
        }
        int[] order = new int[queries];
        for (int q = 0; q < queries; q++) {
            order[next[first(q, allHeads)]++] = q;
        }
        return order;
    }

    private int first(int query, int otherwise) {
        return starts[query] < starts[query + 1] ? heads[starts[query]] : otherwise;
    }
}
