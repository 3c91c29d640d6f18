package io.sparkspann.cli;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.TrueDistance;
import io.sparkspann.vector.VectorBlock;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The truth, computed in the plainest way in double precision. */
record BruteForce(Metric metric, VectorBlock base, VectorBlock queries) {
    /** Distance or similarity by the definition. */
    double distance(int query, int row) {
        int d = base.dimensions();
        float[] q = new float[d];
        float[] x = new float[d];
        queries.copyTo(query, q, 0);
        base.copyTo(row, x, 0);
        return TrueDistance.of(metric, x, q);
    }

    /** Rows of the k nearest, equals by row. */
    int[] nearest(int query, int k) {
        double sign = metric.isSimilarity() ? -1 : 1;
        double[] keys =
                IntStream.range(0, base.size())
                        .mapToDouble(row -> sign * distance(query, row))
                        .toArray();
        return IntStream.range(0, base.size())
                .boxed()
                .sorted(
                        Comparator.<Integer>comparingDouble(row -> keys[row])
                                .thenComparing(Comparator.naturalOrder()))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The k nearest of all queries, query after query. */
    int[] nearest(int k) {
        return IntStream.range(0, queries.size())
                .flatMap(q -> IntStream.of(nearest(q, k)))
                .toArray();
    }
}
