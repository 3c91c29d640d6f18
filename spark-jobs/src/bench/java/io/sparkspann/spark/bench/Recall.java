package io.sparkspann.spark.bench;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.file.TrueNeighbors;
import io.sparkspann.vector.file.VectorFile;
import java.io.Closeable;
import java.util.HashSet;
import java.util.Set;

/**
 * Mean recall@k, by one rule for every system: a neighbour counts if it is among the first k of the
 * truth, or as near as the k-th of them; each neighbour counts once.
 */
final class Recall implements Closeable {
    /** Difference of distances, relative, that is taken for rounding. */
    private static final double TIE = 1e-6;

    private final Metric metric;
    private final VectorFile base;
    private final float[][] queries;
    private final TrueNeighbors truth;

    Recall(Settings settings, float[][] queries) {
        this.metric = settings.metricValue();
        this.queries = queries;
        this.truth = DataFiles.truth(settings.truth());
        this.base = DataFiles.open(settings.base());
        if (truth.rows() < queries.length) {
            close();
            throw new InvalidInputException(
                    settings.truth()
                            + ": has "
                            + truth.rows()
                            + " rows for "
                            + queries.length
                            + " queries");
        }
    }

    /** Number of held-out queries. */
    int queries() {
        return queries.length;
    }

    /** Whether the truth has this many neighbours of each query. */
    boolean covers(int k) {
        return truth.columns() >= k;
    }

    /**
     * @param found for each query the ids of its neighbours, -1 where there is none
     */
    double of(int[][] found, int k) {
        long hits = 0;
        for (int q = 0; q < found.length; q++) {
            Set<Integer> right = new HashSet<>();
            for (int r = 0; r < k; r++) {
                right.add(truth.id(q, r));
            }
            double limit = Double.NaN;
            Set<Integer> seen = new HashSet<>();
            for (int r = 0; r < Math.min(k, found[q].length); r++) {
                int id = found[q][r];
                if (id < 0 || !seen.add(id)) {
                    continue;
                }
                if (right.contains(id)) {
                    hits++;
                    continue;
                }
                if (Double.isNaN(limit)) {
                    limit = squaredDistance(q, truth.id(q, k - 1)) * (1 + TIE);
                }
                hits += squaredDistance(q, id) <= limit ? 1 : 0;
            }
        }
        return hits / ((double) k * found.length);
    }

    /** For cosine, of vectors of length 1: twice the cosine distance. */
    private double squaredDistance(int query, int id) {
        float[] vector = DataFiles.row(base.read(id, 1), 0, metric);
        double sum = 0;
        for (int j = 0; j < vector.length; j++) {
            double difference = (double) vector[j] - queries[query][j];
            sum += difference * difference;
        }
        return sum;
    }

    @Override
    public void close() {
        base.close();
    }
}
