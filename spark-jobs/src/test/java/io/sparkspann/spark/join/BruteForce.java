package io.sparkspann.spark.join;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.VectorBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Neighbours by definition: all pairs, in double precision. */
final class BruteForce {
    private BruteForce() {}

    /** Ids of a table: those of rows, as objects that can be compared. */
    interface Ids {
        Object of(int row);
    }

    private record Found(Comparable<Object> id, float distance) {}

    /**
     * For each query the neighbours as {@code id distance}, nearest first, equals by id.
     *
     * @param self query's own row to leave out, or null
     */
    static List<List<String>> search(
            Metric metric, VectorBlock base, Ids ids, VectorBlock queries, int k, Ids self) {
        List<List<String>> all = new ArrayList<>();
        Comparator<Found> order =
                Comparator.<Found>comparingDouble(
                                found -> metric.isSimilarity() ? -found.distance : found.distance)
                        .thenComparing(Found::id);
        for (int q = 0; q < queries.size(); q++) {
            Found[] found = new Found[base.size()];
            for (int i = 0; i < base.size(); i++) {
                @SuppressWarnings("unchecked")
                Comparable<Object> id = (Comparable<Object>) ids.of(i);
                found[i] = new Found(id, distance(metric, queries, q, base, i));
            }
            Arrays.sort(found, order);
            Object own = self == null ? null : self.of(q);
            all.add(
                    Arrays.stream(found)
                            .filter(f -> !f.id.equals(own))
                            .limit(k)
                            .map(f -> f.id + " " + f.distance)
                            .toList());
        }
        return all;
    }

    static float distance(Metric metric, VectorBlock queries, int q, VectorBlock base, int i) {
        float[] a = new float[base.dimensions()];
        float[] b = new float[base.dimensions()];
        queries.copyTo(q, a, 0);
        base.copyTo(i, b, 0);
        double dot = 0;
        double aa = 0;
        double bb = 0;
        double difference = 0;
        for (int j = 0; j < a.length; j++) {
            dot += (double) a[j] * b[j];
            aa += (double) a[j] * a[j];
            bb += (double) b[j] * b[j];
            difference += ((double) a[j] - b[j]) * ((double) a[j] - b[j]);
        }
        return (float)
                switch (metric) {
                    case L2 -> Math.sqrt(difference);
                    case IP -> dot;
                    case COSINE -> Math.max(0, 1 - dot / Math.sqrt(aa * bb));
                    default -> {
                        // Checked against their definitions where they are at home.
                        VectorSpace space =
                                new VectorSpace(metric, base.type(), base.dimensions(), 0f);
                        yield space.reported(space.exactKey(a, 0, b, 0, 1));
                    }
                };
    }
}
