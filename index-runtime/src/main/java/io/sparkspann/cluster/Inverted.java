package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;

/** Lists turned around: for each number the queries that have it in their list, ascending. */
public final class Inverted {
    private final int[] starts;
    private final int[] queries;

    private Inverted(int[] starts, int[] queries) {
        this.starts = starts;
        this.queries = queries;
    }

    /**
     * @param lists lists of {@code n} queries
     * @param numbers the lists hold numbers in {@code [0, numbers)}
     */
    public static Inverted of(NearestLists lists, int n, int numbers) {
        int[] next = new int[numbers + 1];
        int total = 0;
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < lists.size(i); r++) {
                next[lists.number(i, r) + 1]++;
                total++;
            }
        }
        for (int c = 0; c < numbers; c++) {
            next[c + 1] += next[c];
        }
        int[] starts = next.clone();
        int[] queries = new int[total];
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < lists.size(i); r++) {
                queries[next[lists.number(i, r)]++] = i;
            }
        }
        return new Inverted(starts, queries);
    }

    /** Position of the first query of a number. */
    public int start(int number) {
        return starts[number];
    }

    /** Position after the last query of a number. */
    public int end(int number) {
        return starts[number + 1];
    }

    /** The query at a position. */
    public int query(int position) {
        return queries[position];
    }
}
