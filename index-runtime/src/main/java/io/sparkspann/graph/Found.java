package io.sparkspann.graph;

import io.sparkspann.distance.NearestLists;

/**
 * The nearest heads found so far, sorted at all times: the walk needs the exact limit after every
 * step.
 */
final class Found {
    private final int capacity;
    private final float[] distances;
    private final int[] heads;
    private int size;

    Found(int capacity) {
        this.capacity = capacity;
        this.distances = new float[capacity];
        this.heads = new int[capacity];
    }

    /** The greatest distance that can still enter; infinity while the list is not full. */
    float limit() {
        return size < capacity ? Float.POSITIVE_INFINITY : distances[size - 1];
    }

    void offer(float distance, int head) {
        int at = size < capacity ? size++ : size - 1;
        while (at > 0 && isAfter(at - 1, distance, head)) {
            distances[at] = distances[at - 1];
            heads[at] = heads[at - 1];
            at--;
        }
        distances[at] = distance;
        heads[at] = head;
    }

    private boolean isAfter(int at, float distance, int head) {
        return distances[at] > distance || (distances[at] == distance && heads[at] > head);
    }

    /** Makes these heads the only list of {@code target}, sorted. */
    void copyTo(NearestLists target) {
        target.reset(1);
        for (int i = 0; i < size; i++) {
            target.offer(0, distances[i], heads[i]);
        }
        target.sort(0);
    }
}
