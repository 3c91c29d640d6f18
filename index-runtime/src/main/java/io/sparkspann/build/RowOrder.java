package io.sparkspann.build;

import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.VectorBlock;
import java.util.Arrays;

/** Orders of rows that depend on their content alone. */
final class RowOrder {
    private RowOrder() {}

    /** Row numbers by hash of the rows, then by id. */
    static int[] byHash(IdBlock ids, VectorBlock vectors) {
        long[] hashes = new long[vectors.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = Sampling.hash(ids, vectors, i);
        }
        return sort(
                hashes.length,
                (a, b) ->
                        hashes[a] != hashes[b]
                                ? Long.compare(hashes[a], hashes[b])
                                : ids.compare(a, ids, b));
    }

    /** Row numbers by id. */
    static int[] byId(IdBlock ids) {
        if (ids.type() != IdType.STRING && isAscending(ids.numbers(), ids.size())) {
            return identity(ids.size());
        }
        return sort(ids.size(), (a, b) -> ids.compare(a, ids, b));
    }

    private static boolean isAscending(long[] numbers, int size) {
        for (int i = 1; i < size; i++) {
            if (numbers[i - 1] >= numbers[i]) {
                return false;
            }
        }
        return true;
    }

    static int[] identity(int size) {
        int[] rows = new int[size];
        Arrays.setAll(rows, i -> i);
        return rows;
    }

    /** Compares two rows. */
    @FunctionalInterface
    private interface RowComparator {
        int compare(int a, int b);
    }

    /** A merge sort of row numbers: stable, and without a boxed number for every row. */
    private static int[] sort(int size, RowComparator comparator) {
        int[] from = identity(size);
        int[] to = new int[size];
        for (int width = 1; width < size; width *= 2) {
            for (int start = 0; start < size; start += 2 * width) {
                merge(
                        from,
                        to,
                        start,
                        Math.min(size, start + width),
                        Math.min(size, start + 2 * width),
                        comparator);
            }
            int[] swap = from;
            from = to;
            to = swap;
            if (width > size / 2) {
                break;
            }
        }
        return from;
    }

    private static void merge(
            int[] from, int[] to, int start, int middle, int end, RowComparator comparator) {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
            boolean takeLeft =
                    left < middle
                            && (right >= end || comparator.compare(from[left], from[right]) <= 0);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
