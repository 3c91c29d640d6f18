package io.sparkspann.cluster;

import io.sparkspann.distance.NearestLists;
import java.util.function.IntUnaryOperator;

/** Lists turned around: for each number the queries that have it in their list, ascending. */
public final class Inverted {
    private final int[] starts;
    private final int[] queries;

    private Inverted(int[] starts, int[] queries) {
        this.starts = starts;
        this.queries = queries;
    }

    /** The part of the lists from one rank to before another. */
    public record Ranks(int from, IntUnaryOperator to) {
        public static final Ranks ALL = new Ranks(0, query -> Integer.MAX_VALUE);
    }

    /**
     * @param lists sorted lists of {@code n} queries
     * @param numbers the lists hold numbers in {@code [0, numbers)}
     */
    public static Inverted of(NearestLists lists, Ranks ranks, int n, int numbers) {
        int[] next = new int[numbers + 1];
        int total = 0;
        for (int i = 0; i < n; i++) {
            int to = Math.min(lists.size(i), ranks.to().applyAsInt(i));
            for (int r = ranks.from(); r < to; r++) {
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
            int to = Math.min(lists.size(i), ranks.to().applyAsInt(i));
            for (int r = ranks.from(); r < to; r++) {
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
