package io.sparkspann.build;

import io.sparkspann.cluster.Forest;
import io.sparkspann.cluster.TreeSearch;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.format.CalibrationRow;
import io.sparkspann.search.QueryRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Recall of every number of probes, apart for classes of queries by distance to their nearest head:
 * queries far from all heads need more probes, and real queries may be farther than base vectors
 * are.
 */
final class CalibrationTable {
    private static final int[] PROBES = {
        1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160,
        192, 224, 256, 320, 384, 448, 512, 640, 768, 1024
    };
    private static final int[] NEIGHBOURS = {1, 10, CalibrationStage.DEPTH};
    private static final int MOST_CLASSES = 10;
    private static final int QUERIES_PER_CLASS = 100;

    /** Larger settings are not measured once every class reaches this recall. */
    private static final double ENOUGH = 0.9995;

    private final Forest forest;
    private final QueryRows queries;
    private final int[][][] heads;
    private final double meanPosting;
    private final int[] classOf;
    private final float[] fromDistances;
    private final int[] seenAt;

    /**
     * @param heads for each query and true neighbour the heads of the postings that hold it; none
     *     for queries that are to be left out
     * @param meanPosting mean records of a posting
     */
    CalibrationTable(Forest forest, QueryRows queries, int[][][] heads, double meanPosting) {
        this.forest = forest;
        this.queries = queries;
        this.heads = heads;
        this.meanPosting = meanPosting;
        int[] firstHeads = forest.firstHeads();
        this.seenAt = new int[firstHeads[firstHeads.length - 1]];
        float[] distances = nearestDistances();
        this.fromDistances = classBounds(known(distances));
        this.classOf = new int[distances.length];
        for (int q = 0; q < distances.length; q++) {
            while (classOf[q] + 1 < fromDistances.length
                    && distances[q] >= fromDistances[classOf[q] + 1]) {
                classOf[q]++;
            }
        }
    }

    /**
     * The table of an index so small that no vector was held out: searches that read all postings
     * find everything. Empty if there are too many postings for that.
     */
    static List<CalibrationRow> ofAllPostings(int postings, double meanPosting) {
        List<CalibrationRow> rows = new ArrayList<>();
        for (int k : NEIGHBOURS) {
            if (postings <= PROBES[PROBES.length - 1]) {
                double records = postings * meanPosting;
                double all = Double.POSITIVE_INFINITY;
                rows.add(new CalibrationRow(k, 0, postings, all, 1, postings, records));
            }
        }
        return rows;
    }

    private float[] nearestDistances() {
        NearestLists nearest = search(1);
        float[] distances = new float[queries.size()];
        for (int q = 0; q < distances.length; q++) {
            distances[q] = (float) queries.headDistance(q, nearest.distance(q, 0));
        }
        return distances;
    }

    /** Those of the queries whose neighbours are known. */
    private float[] known(float[] distances) {
        float[] known = new float[distances.length];
        int count = 0;
        for (int q = 0; q < distances.length; q++) {
            if (heads[q].length > 0) {
                known[count++] = distances[q];
            }
        }
        return Arrays.copyOf(known, count);
    }

    private static float[] classBounds(float[] distances) {
        int classes = Math.max(1, Math.min(MOST_CLASSES, distances.length / QUERIES_PER_CLASS));
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        float[] bounds = new float[classes];
        int count = 1;
        for (int c = 1; c < classes; c++) {
            float bound = sorted[(int) ((long) c * sorted.length / classes)];
            if (bound > bounds[count - 1]) {
                bounds[count++] = bound;
            }
        }
        return Arrays.copyOf(bounds, count);
    }

    private NearestLists search(int probes) {
        NearestLists nearest = new NearestLists(Math.min(probes, seenAt.length));
        new TreeSearch(forest, TreeSearch.Beam.of(probes))
                .search(queries.embedded(), queries.size(), nearest);
        return nearest;
    }

    /** How many different numbers of probes are measured. */
    static int settings() {
        return PROBES.length;
    }

    /**
     * The rows of one number of probes: for each k and class one. None if fewer probes read all
     * postings already.
     */
    ArrayList<CalibrationRow> rows(int setting) {
        ArrayList<CalibrationRow> rows = new ArrayList<>();
        boolean all = setting > 0 && PROBES[setting - 1] >= seenAt.length;
        if (!all) {
            measure(PROBES[setting], search(PROBES[setting]), setting * queries.size(), rows);
        }
        return rows;
    }

    /** Leaves out larger settings than the first in which every class reaches nearly everything. */
    static List<CalibrationRow> untilEnough(List<CalibrationRow> rows) {
        int enough =
                rows.stream()
                        .collect(
                                Collectors.groupingBy(
                                        CalibrationRow::probes,
                                        TreeMap::new,
                                        Collectors.mapping(
                                                CalibrationRow::recall,
                                                Collectors.minBy(Double::compare))))
                        .entrySet()
                        .stream()
                        .filter(entry -> entry.getValue().orElse(0.0) >= ENOUGH)
                        .mapToInt(entry -> entry.getKey())
                        .findFirst()
                        .orElse(Integer.MAX_VALUE);
        return rows.stream().filter(row -> row.probes() <= enough).toList();
    }

    private void measure(
            int probes, NearestLists nearest, int mark, ArrayList<CalibrationRow> rows) {
        int classes = fromDistances.length;
        long[][] hits = new long[NEIGHBOURS.length][classes];
        long[][] wanted = new long[NEIGHBOURS.length][classes];
        for (int q = 0; q < queries.size(); q++) {
            for (int r = 0; r < nearest.size(q); r++) {
                seenAt[nearest.number(q, r)] = mark + q + 1;
            }
            for (int r = 0; r < heads[q].length; r++) {
                int hit = isSeen(heads[q][r], mark + q + 1) ? 1 : 0;
                for (int i = 0; i < NEIGHBOURS.length; i++) {
                    if (r < NEIGHBOURS[i]) {
                        hits[i][classOf[q]] += hit;
                        wanted[i][classOf[q]]++;
                    }
                }
            }
        }
        for (int i = 0; i < NEIGHBOURS.length; i++) {
            for (int c = 0; c < classes; c++) {
                double recall = (double) hits[i][c] / Math.max(1, wanted[i][c]);
                rows.add(
                        new CalibrationRow(
                                NEIGHBOURS[i],
                                fromDistances[c],
                                probes,
                                Double.POSITIVE_INFINITY,
                                recall,
                                Math.min(probes, seenAt.length),
                                Math.min(probes, seenAt.length) * meanPosting));
            }
        }
    }

    private boolean isSeen(int[] postings, int mark) {
        for (int head : postings) {
            if (seenAt[head] == mark) {
                return true;
            }
        }
        return false;
    }
}
