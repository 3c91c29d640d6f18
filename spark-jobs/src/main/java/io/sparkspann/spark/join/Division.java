package io.sparkspann.spark.join;

import java.util.function.IntUnaryOperator;

/** Divides the rows of a block among parts. */
final class Division {
    private Division() {}

    /**
     * Rows of each part, ascending; null where there are none.
     *
     * @param size number of rows
     * @param parts number of parts
     * @param partOf part of each row
     */
    static int[][] of(int size, int parts, IntUnaryOperator partOf) {
        int[] part = new int[size];
        int[] sizes = new int[parts];
        for (int i = 0; i < size; i++) {
            part[i] = partOf.applyAsInt(i);
            sizes[part[i]]++;
        }
        int[][] rows = new int[parts][];
        int[] next = new int[parts];
        for (int i = 0; i < size; i++) {
            int p = part[i];
            rows[p] = rows[p] == null ? new int[sizes[p]] : rows[p];
            rows[p][next[p]++] = i;
        }
        return rows;
    }
}
