package io.sparkspann.distance;

import java.util.Arrays;

/**
 * A few numbers spread over a stretch of an array, in ascending order. They are sorted by Batcher's
 * odd-even merge sort (Knuth, The Art of Computer Programming, volume 3, 5.3.4), whose comparisons
 * do not depend on the numbers: no branch to mispredict. Not thread-safe.
 */
final class SortedSample {
    /** Numbers of a sample, a power of 2. */
    static final int SIZE = 16;

    /** Each pair of places whose numbers are put in order: the lower place, then the upper one. */
    private static final int[] EXCHANGES = exchanges();

    private final long[] sample = new long[SIZE];

    private static int[] exchanges() {
        int[] places = new int[SIZE * SIZE];
        int count = 0;
        for (int p = 1; p < SIZE; p *= 2) {
            for (int distance = p; distance >= 1; distance /= 2) {
                for (int low = distance % p; low + distance < SIZE; low++) {
                    int high = low + distance;
                    boolean isFirst = (low - distance % p) / distance % 2 == 0;
                    if (isFirst && low / (2 * p) == high / (2 * p)) {
                        places[count++] = low;
                        places[count++] = high;
                    }
                }
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** Takes a sample of {@code size} numbers from {@code from} on. */
    void take(long[] numbers, int from, int size) {
        for (int i = 0; i < SIZE; i++) {
            sample[i] = numbers[from + (int) ((2 * i + 1L) * size / (2 * SIZE))];
        }
        for (int i = 0; i < EXCHANGES.length; i += 2) {
            int low = EXCHANGES[i];
            int high = EXCHANGES[i + 1];
            long a = sample[low];
            long b = sample[high];
            sample[low] = Math.min(a, b);
            sample[high] = Math.max(a, b);
        }
    }

    /** Number {@code rank} of the sample. */
    long get(int rank) {
        return sample[rank];
    }
}
