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
    public static Neighbors resolve(TopK top, VectorSpace space, IdType type, IdAppender appender) {
        int[] starts = new int[top.queries() + 1];
        for (int q = 0; q < top.queries(); q++) {
            starts[q + 1] = starts[q] + top.size(q);
        }
        float[] distances = new float[starts[top.queries()]];
        IdBlockBuilder ids = new IdBlockBuilder(type);
        for (int q = 0; q < top.queries(); q++) {
            for (int r = 0; r < top.size(q); r++) {
                distances[starts[q] + r] = space.reported(top.key(q, r));
                appender.append(top.ordinal(q, r), ids);
            }
        }
        return new Neighbors(starts, ids.build(), distances);
    }
}
