package io.sparkspann.search;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.IdType;

/** Turns lists of ordinals and rank keys into ids and distances. */
public final class Resolver {
    private Resolver() {}

    /** Appends the id of an ordinal. */
    @FunctionalInterface
    public interface IdAppender {
        void append(long ordinal, IdBlockBuilder builder);
    }

    /** Resolves all lists. */
    public static Neighbors resolve(
            RankedLists lists, VectorSpace space, IdType type, IdAppender appender) {
        int[] starts = new int[lists.queries() + 1];
        for (int q = 0; q < lists.queries(); q++) {
            starts[q + 1] = starts[q] + lists.size(q);
        }
        float[] distances = new float[starts[lists.queries()]];
        IdBlockBuilder ids = new IdBlockBuilder(type);
        for (int q = 0; q < lists.queries(); q++) {
            for (int r = 0; r < lists.size(q); r++) {
                distances[starts[q] + r] = space.reported(lists.key(q, r));
                appender.append(lists.ordinal(q, r), ids);
            }
        }
        return new Neighbors(starts, ids.build(), distances);
    }
}
