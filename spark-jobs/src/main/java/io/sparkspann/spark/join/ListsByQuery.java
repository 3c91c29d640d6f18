package io.sparkspann.spark.join;

import java.util.Arrays;
import java.util.List;

/** The partial lists of some queries: for each query, by ascending key, a run of lists. */
final class ListsByQuery {
    private final List<PartialLists> parts;
    private final int[] starts;
    private final int[] listParts;
    private final int[] listRows;

    private ListsByQuery(List<PartialLists> parts, int[] starts, int[] listParts, int[] listRows) {
        this.parts = parts;
        this.starts = starts;
        this.listParts = listParts;
        this.listRows = listRows;
    }

    static ListsByQuery of(List<PartialLists> parts) {
        long[] keys = sortedKeys(parts);
        int[] next = new int[keys.length + 1];
        int lists = 0;
        for (PartialLists part : parts) {
            for (long key : part.keys()) {
                next[Arrays.binarySearch(keys, key) + 1]++;
                lists++;
            }
        }
        for (int q = 0; q < keys.length; q++) {
            next[q + 1] += next[q];
        }
        int[] starts = next.clone();
        int[] listParts = new int[lists];
        int[] listRows = new int[lists];
        for (int p = 0; p < parts.size(); p++) {
            long[] partKeys = parts.get(p).keys();
            for (int row = 0; row < partKeys.length; row++) {
                int at = next[Arrays.binarySearch(keys, partKeys[row])]++;
                listParts[at] = p;
                listRows[at] = row;
            }
        }
        return new ListsByQuery(parts, starts, listParts, listRows);
    }

    /** All keys once. */
    private static long[] sortedKeys(List<PartialLists> parts) {
        long[] keys = parts.stream().flatMapToLong(part -> Arrays.stream(part.keys())).toArray();
        Arrays.sort(keys);
        int count = 0;
        for (int i = 0; i < keys.length; i++) {
            if (i == 0 || keys[i] != keys[i - 1]) {
                keys[count++] = keys[i];
            }
        }
        return Arrays.copyOf(keys, count);
    }

    int queries() {
        return starts.length - 1;
    }

    /** Number of the first list of a query. */
    int start(int query) {
        return starts[query];
    }

    PartialLists part(int list) {
        return parts.get(listParts[list]);
    }

    /** Which query of its part a list belongs to. */
    int row(int list) {
        return listRows[list];
    }

    /** Position in its part of the first neighbour of a list. */
    int firstNeighbor(int list) {
        return part(list).starts()[row(list)];
    }

    /** Position in its part after the last neighbour of a list. */
    int endNeighbor(int list) {
        return part(list).starts()[row(list) + 1];
    }
}
