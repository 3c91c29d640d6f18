package io.sparkspann.graph;

import java.util.Arrays;

/** Heads to expand, nearest first: a binary heap in two arrays. */
final class Frontier {
    private float[] distances = new float[256];
    private int[] heads = new int[256];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    float nearest() {
        return distances[0];
    }

    void add(float distance, int head) {
        if (size == heads.length) {
            distances = Arrays.copyOf(distances, 2 * size);
            heads = Arrays.copyOf(heads, 2 * size);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!before(distance, head, parent)) {
                break;
            }
            distances[at] = distances[parent];
            heads[at] = heads[parent];
            at = parent;
        }
        distances[at] = distance;
        heads[at] = head;
    }

    private boolean before(float distance, int head, int other) {
        return distance < distances[other] || (distance == distances[other] && head < heads[other]);
    }

    /** Removes the nearest. */
    int take() {
        int head = heads[0];
        size--;
        float distance = distances[size];
        int moved = heads[size];
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && before(distances[child + 1], heads[child + 1], child)) {
                child++;
            }
            if (!before(distances[child], heads[child], size)) {
                break;
            }
            distances[at] = distances[child];
            heads[at] = heads[child];
            at = child;
        }
        distances[at] = distance;
        heads[at] = moved;
        return head;
    }
}
