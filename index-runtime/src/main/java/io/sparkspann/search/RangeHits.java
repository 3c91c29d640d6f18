package io.sparkspann.search;

import io.sparkspann.distance.FloatOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * For each of many queries all vectors up to a rank key, or the nearest of them. Each vector is to
 * be offered once. Not thread-safe.
 *
 * <p>Memory: 8 to 16 bytes for each vector found.
 */
public final class RangeHits implements Collector, RankedLists {
    private static final long[] NONE = {};

    private final OrdinalOrder order;
    private final int most;
    private final float[] limits;
    private final long[][] entries;
    private final int[] sizes;
    private final long room;
    private long taken;
    private final BitSet capped = new BitSet();

    /**
     * @param limit greatest rank key
     * @param most vectors for a query; 0 for all
     * @param order of vectors with equal keys
     */
    public RangeHits(int queries, float limit, int most, OrdinalOrder order) {
        this(queries, limit, most, order, Long.MAX_VALUE);
    }

    /**
     * As the other one, for a limited memory.
     *
     * @param room vectors in all lists; when more come, nothing is of interest any longer, and the
     *     lists are of no use: see {@link #isFull}
     */
    public RangeHits(int queries, float limit, int most, OrdinalOrder order, long room) {
        this.room = room;
        this.order = order;
        this.most = most;
        this.limits = new float[queries];
        this.entries = new long[queries][];
        this.sizes = new int[queries];
        Arrays.fill(limits, limit);
        Arrays.fill(entries, NONE);
    }

    @Override
    public float limit(int query) {
        return limits[query];
    }

    @Override
    public void offer(int query, float key, long ordinal) {
        if (key > limits[query]) {
            return;
        }
        if (++taken > room) {
            Arrays.fill(limits, Float.NEGATIVE_INFINITY);
            return;
        }
        int size = sizes[query];
        if (size == entries[query].length) {
            if (most > 0 && size >= 2L * most) {
                taken--;
                cut(query);
                offer(query, key, ordinal);
                return;
            }
            long length = Math.max(16, 2L * size);
            length = most > 0 ? Math.min(length, Math.max(16, 2L * most)) : length;
            entries[query] =
                    Arrays.copyOf(entries[query], (int) Math.min(length, Integer.MAX_VALUE - 8));
        }
        entries[query][size] = (long) FloatOrder.toInt(key) << 32 | ordinal;
        sizes[query] = size + 1;
    }

    /** Keeps the nearest ones; vectors as near as the last of them may still come. */
    private void cut(int query) {
        sort(query);
        taken -= sizes[query] - most;
        sizes[query] = most;
        capped.set(query);
        limits[query] = key(query, most - 1);
    }

    private void sort(int query) {
        long[] list = entries[query];
        int size = sizes[query];
        Arrays.sort(list, 0, size);
        int from = 0;
        for (int i = 1; i <= size; i++) {
            if (i == size || list[i] >> 32 != list[from] >> 32) {
                if (i - from > 1) {
                    sortEquals(list, from, i);
                }
                from = i;
            }
        }
    }

    /**
     * Entries of one key, by the order of their vectors: a heap sort, since there may be millions,
     * for whose copies or objects there is no memory.
     */
    private void sortEquals(long[] list, int from, int to) {
        if (isSorted(list, from, to)) {
            return;
        }
        int size = to - from;
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(list, from, i, size);
        }
        for (int last = size - 1; last > 0; last--) {
            long greatest = list[from];
            list[from] = list[from + last];
            list[from + last] = greatest;
            sink(list, from, 0, last);
        }
    }

    /** Usual where ids ascend with ordinals. */
    private boolean isSorted(long[] list, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (compare(list[i - 1], list[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Moves an entry of the heap at {@code from} down to where no child is greater. */
    private void sink(long[] list, int from, int position, int size) {
        long entry = list[from + position];
        int at = position;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && compare(list[from + child], list[from + child + 1]) < 0) {
                child++;
            }
            if (compare(entry, list[from + child]) >= 0) {
                break;
            }
            list[from + at] = list[from + child];
            at = child;
        }
        list[from + at] = entry;
    }

    private int compare(long first, long second) {
        return order.compare(ordinal(first), ordinal(second));
    }

    /** Whether there were more vectors than there is room for. */
    public boolean isFull() {
        return taken > room;
    }

    /** Sorts all lists; nothing is offered afterwards. */
    public void finish() {
        for (int q = 0; q < sizes.length; q++) {
            if (most > 0 && sizes[q] > most) {
                cut(q);
            } else {
                sort(q);
            }
        }
    }

    /** Queries that have more vectors up to the key than were kept. */
    BitSet capped() {
        return capped;
    }

    /** Vectors in all lists. */
    public long total() {
        return Arrays.stream(sizes).asLongStream().sum();
    }

    @Override
    public int queries() {
        return sizes.length;
    }

    @Override
    public int size(int query) {
        return sizes[query];
    }

    @Override
    public float key(int query, int rank) {
        return FloatOrder.toFloat((int) (entries[query][rank] >> 32));
    }

    @Override
    public long ordinal(int query, int rank) {
        return ordinal(entries[query][rank]);
    }

    private static long ordinal(long entry) {
        return entry & 0xFFFFFFFFL;
    }

    /** The lists of these and of the queries behind them. */
    static RankedLists join(RangeHits[] parts) {
        int[] starts = new int[parts.length + 1];
        for (int i = 0; i < parts.length; i++) {
            starts[i + 1] = starts[i] + parts[i].queries();
        }
        int[] partOf = new int[starts[parts.length]];
        for (int i = 0; i < parts.length; i++) {
            Arrays.fill(partOf, starts[i], starts[i + 1], i);
        }
        return new RankedLists() {
            @Override
            public int queries() {
                return partOf.length;
            }

            @Override
            public int size(int query) {
                int part = partOf[query];
                return parts[part].size(query - starts[part]);
            }

            @Override
            public float key(int query, int rank) {
                int part = partOf[query];
                return parts[part].key(query - starts[part], rank);
            }

            @Override
            public long ordinal(int query, int rank) {
                int part = partOf[query];
                return parts[part].ordinal(query - starts[part], rank);
            }
        };
    }
}
