package io.sparkspann.spark.join;

import java.util.Arrays;
import java.util.List;

/** The partial lists of some queries: for each query, by ascending key, a run of lists. */
final class ListsByQuery {
    private final PartialLists[] parts;
    private final int[] starts;
    private final int[] listParts;
    private final int[] listRows;

    private ListsByQuery(PartialLists[] parts, int[] starts, int[] listParts, int[] listRows) {
        this.parts = parts;
        this.starts = starts;
        this.listParts = listParts;
        this.listRows = listRows;
    }

    static ListsByQuery of(List<PartialLists> parts) {
        long[] keys = sortedKeys(parts);
        int lists = Math.toIntExact(parts.stream().mapToLong(part -> part.keys().length).sum());
        int[] queries = new int[lists];
        int[] next = new int[keys.length + 1];
        int list = 0;
        for (PartialLists part : parts) {
            for (long key : part.keys()) {
                queries[list] = Arrays.binarySearch(keys, key);
                next[queries[list++] + 1]++;
            }
        }
        for (int q = 0; q < keys.length; q++) {
            next[q + 1] += next[q];
        }
        int[] starts = next.clone();
        int[] listParts = new int[lists];
        int[] listRows = new int[lists];
        list = 0;
        for (int p = 0; p < parts.size(); p++) {
            for (int row = 0; row < parts.get(p).keys().length; row++) {
                int at = next[queries[list++]]++;
                listParts[at] = p;
                listRows[at] = row;
            }
        }
        return new ListsByQuery(parts.toArray(new PartialLists[0]), starts, listParts, listRows);
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
        return parts[listParts[list]];
    }

    /** Which query of its part a list belongs to. */
    int row(int list) {
        return listRows[list];
    }

    /** Position in its part of the first neighbour of a list. */
    int firstNeighbor(int list) {
        return part(list).starts()[row(list)];
    }
}
