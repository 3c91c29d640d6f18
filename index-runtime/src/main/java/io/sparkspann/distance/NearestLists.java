package io.sparkspann.distance;

/**
 * For each of many queries the nearest few of the numbers offered to it: bounded max-heaps in flat
 * arrays.
 *
 * <p>Order: ascending distance, then ascending number, so that the content does not depend on the
 * order of the offers. A number must not be offered twice to the same query. Not thread-safe.
 */
public final class NearestLists {
    private final int capacity;
    private float[] distances = new float[0];
    private int[] numbers = new int[0];
    private int[] sizes = new int[0];

    /**
     * @param capacity greatest length of a list, at least 1
     */
    public NearestLists(int capacity) {
        this.capacity = capacity;
    }

    /** Empties the lists and makes room for {@code queries} of them. */
    public void reset(int queries) {
        int needed = Math.multiplyExact(queries, capacity);
        if (numbers.length < needed) {
            distances = new float[needed];
            numbers = new int[needed];
        }
        if (sizes.length < queries) {
            sizes = new int[queries];
        }
        java.util.Arrays.fill(sizes, 0, queries, 0);
    }

    public int capacity() {
        return capacity;
    }

    public int size(int query) {
        return sizes[query];
    }

    /** Distance {@code rank} of a list; sorted only after {@link #sort}. */
    public float distance(int query, int rank) {
        return distances[query * capacity + rank];
    }

    /** Number {@code rank} of a list; sorted only after {@link #sort}. */
    public int number(int query, int rank) {
        return numbers[query * capacity + rank];
    }

    /** The greatest distance that can still enter a list; infinity while it is not full. */
    public float limit(int query) {
        return sizes[query] < capacity ? Float.POSITIVE_INFINITY : distances[query * capacity];
    }

    public void offer(int query, float distance, int number) {
        int base = query * capacity;
        int size = sizes[query];
        if (size < capacity) {
            sizes[query] = size + 1;
            siftUp(base, size, distance, number);
        } else if (after(distances[base], numbers[base], distance, number)) {
            siftDown(base, size, distance, number);
        }
    }

    private static boolean after(float distanceA, int numberA, float distanceB, int numberB) {
        return distanceA > distanceB || (distanceA == distanceB && numberA > numberB);
    }

    private void siftUp(int base, int hole, float distance, int number) {
        int at = hole;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!after(distance, number, distances[base + parent], numbers[base + parent])) {
                break;
            }
            distances[base + at] = distances[base + parent];
            numbers[base + at] = numbers[base + parent];
            at = parent;
        }
        distances[base + at] = distance;
        numbers[base + at] = number;
    }

    private void siftDown(int base, int size, float distance, int number) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            int c = base + child;
            if (child + 1 < size
                    && after(distances[c + 1], numbers[c + 1], distances[c], numbers[c])) {
                child++;
                c++;
            }
            if (!after(distances[c], numbers[c], distance, number)) {
                break;
            }
            distances[base + at] = distances[c];
            numbers[base + at] = numbers[c];
            at = child;
        }
        distances[base + at] = distance;
        numbers[base + at] = number;
    }

    /** Puts a list in ascending order; nothing may be offered to it afterwards. */
    public void sort(int query) {
        int base = query * capacity;
        for (int end = sizes[query] - 1; end > 0; end--) {
            float distance = distances[base + end];
            int number = numbers[base + end];
            distances[base + end] = distances[base];
            numbers[base + end] = numbers[base];
            siftDown(base, end, distance, number);
        }
    }
}
