package io.sparkspann.build;

/**
 * Rows grouped by a small number each of them has; rows keep their order within a group. Immutable.
 */
final class Buckets {
    private final int[] starts;
    private final int[] rows;

    private Buckets(int[] starts, int[] rows) {
        this.starts = starts;
        this.rows = rows;
    }

    /**
     * @param numbers the number of each row, in {@code [0, count)}
     */
    static Buckets of(int[] numbers, int count) {
        int[] next = new int[count + 1];
        for (int number : numbers) {
            next[number + 1]++;
        }
        for (int i = 0; i < count; i++) {
            next[i + 1] += next[i];
        }
        int[] starts = next.clone();
        int[] rows = new int[numbers.length];
        for (int row = 0; row < numbers.length; row++) {
            rows[next[numbers[row]]++] = row;
        }
        return new Buckets(starts, rows);
    }

    /** All rows, group by group. */
    int[] rows() {
        return rows;
    }

    /** Position of a group in {@link #rows}; that of the next group is its end. */
    int start(int group) {
        return starts[group];
    }

    int size(int group) {
        return starts[group + 1] - starts[group];
    }

    int[] sizes() {
        int[] sizes = new int[starts.length - 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = size(i);
        }
        return sizes;
    }
}
