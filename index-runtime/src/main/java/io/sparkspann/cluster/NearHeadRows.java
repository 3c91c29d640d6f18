package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.NearestLists;
import java.util.Arrays;

/**
 * The heads that some lists name, fetched shard by shard: each tree is asked for once, whatever the
 * order in which the heads are wanted afterwards. Heads that no list names are fetched one by one.
 * A reusable buffer of one thread; memory is bounded by looking at some lists at a time.
 */
public final class NearHeadRows implements RowSource {
    private static final int FREE = -1;

    /** Heads that are fetched at a time take no more than this, unless a single list does. */
    private static final long MOST_BYTES = 32L << 20;

    private final Forest forest;
    private final ForestHeads others;
    private final int dimensions;

    /** Hash table by linear probing, with at least one place free: heads, and where each is. */
    private int[] keys = new int[0];

    private int[] places = new int[0];
    private int[] heads = new int[0];
    private int size;
    private float[] rows = new float[0];

    public NearHeadRows(Forest forest) {
        this.forest = forest;
        this.others = new ForestHeads(forest);
        this.dimensions = others.dimensions();
    }

    /**
     * To be called for list 0, 1 and so on to {@code n - 1}: fetches the heads of this list and of
     * as many further ones as the memory allows, in place of earlier ones, if it has not been
     * fetched with one before.
     */
    public void advance(NearestLists lists, int list, int n) {
        long listBytes = (long) lists.capacity() * dimensions * Float.BYTES;
        int step = (int) Math.max(1, Math.min(n, MOST_BYTES / listBytes));
        if (list % step == 0) {
            fetch(lists, list, Math.min(n, list + step));
        }
    }

    private void fetch(NearestLists lists, int from, int to) {
        int most = Math.multiplyExact(to - from, lists.capacity());
        clear(most);
        for (int i = from; i < to; i++) {
            for (int r = 0; r < lists.size(i); r++) {
                add(lists.number(i, r));
            }
        }
        Arrays.sort(heads, 0, size);
        if (rows.length < size * dimensions) {
            rows = new float[Math.multiplyExact(size, dimensions)];
        }
        for (int i = 0; i < size; i++) {
            places[slot(heads[i])] = i;
            others.copy(heads[i], rows, i * dimensions);
        }
    }

    private void clear(int most) {
        int slots = Integer.highestOneBit(Math.max(1, most)) << 2;
        if (keys.length < slots) {
            keys = new int[slots];
            places = new int[slots];
        }
        if (heads.length < most) {
            heads = new int[most];
        }
        Arrays.fill(keys, FREE);
        size = 0;
    }

    private void add(int head) {
        int slot = slot(head);
        if (keys[slot] == FREE) {
            keys[slot] = head;
            heads[size++] = head;
        }
    }

    /** The slot of a head, or the free one where it belongs. */
    private int slot(int head) {
        int mask = keys.length - 1;
        int slot = (head * 0x9E3779B9) >>> 7 & mask;
        while (keys[slot] != head && keys[slot] != FREE) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    @Override
    public Geometry geometry() {
        return others.geometry();
    }

    @Override
    public void copy(int head, float[] target, int offset) {
        int slot = keys.length == 0 ? FREE : slot(head);
        if (slot == FREE || keys[slot] == FREE) {
            others.copy(head, target, offset);
        } else {
            System.arraycopy(rows, places[slot] * dimensions, target, offset, dimensions);
        }
    }
}
