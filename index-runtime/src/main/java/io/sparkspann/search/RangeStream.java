package io.sparkspann.search;

import io.sparkspann.vector.IdBlockBuilder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Hands vectors up to a rank key on, some thousands at a time, and keeps none. Not thread-safe.
 *
 * <p>Memory: 128 KiB and as many ids.
 */
final class RangeStream implements Collector {
    private static final int ROOM = 1 << 13;

    private final SpannIndex index;
    private final float limit;
    private final int firstQuery;
    private final Consumer<FoundVectors> target;
    private final int[] queries = new int[ROOM];
    private final float[] keys = new float[ROOM];
    private final long[] ordinals = new long[ROOM];
    private int size;

    /**
     * @param limit greatest rank key
     * @param firstQuery what is added to the numbers of queries
     */
    RangeStream(SpannIndex index, float limit, int firstQuery, Consumer<FoundVectors> target) {
        this.index = index;
        this.limit = limit;
        this.firstQuery = firstQuery;
        this.target = target;
    }

    @Override
    public float limit(int query) {
        return limit;
    }

    @Override
    public void offer(int query, float key, long ordinal) {
        if (key > limit) {
            return;
        }
        queries[size] = firstQuery + query;
        keys[size] = key;
        ordinals[size++] = ordinal;
        if (size == ROOM) {
            flush();
        }
    }

    /** Hands on what is left. */
    void flush() {
        if (size == 0) {
            return;
        }
        float[] distances = new float[size];
        IdBlockBuilder ids = new IdBlockBuilder(index.manifest().schema().idType());
        for (int i = 0; i < size; i++) {
            distances[i] = index.files().space().reported(keys[i]);
            index.ids().append(ordinals[i], ids);
        }
        target.accept(new FoundVectors(Arrays.copyOf(queries, size), ids.build(), distances));
        size = 0;
    }
}
