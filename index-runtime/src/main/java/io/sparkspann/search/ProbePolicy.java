package io.sparkspann.search;

import io.sparkspann.distance.NearestLists;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.CalibrationRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many postings a query reads. Queries far from their nearest head are harder: their neighbours
 * are spread over more postings. So queries are classed by the distance to their nearest head, and
 * each class has its own number of probes; a recall target then holds also for queries that are
 * harder on the whole than those of the calibration. On top of it, epsilon prunes: a posting is
 * read only if its head is at most {@code 1 + epsilon} times as far as the nearest one. Distances
 * are true ones, see {@link io.sparkspann.distance.Geometry}.
 *
 * @param fromDistances lower bounds of the classes, ascending, the first is 0
 * @param probes most postings for a query of each class
 * @param epsilon 0 or more, infinity for no pruning
 */
public record ProbePolicy(List<Double> fromDistances, List<Integer> probes, double epsilon) {
    /**
     * Part of the way from the target to 1 that calibration must reach, as a margin: a thousand
     * sampled queries tell recall within half a percent. On 80,000 word vectors under l1, a margin
     * of 0.1 left the recall of other queries at 0.949 for a target of 0.95.
     */
    private static final double MARGIN = 0.2;

    /**
     * Probes grow with this power of k beyond the greatest k of the calibration. On 80,000 word
     * vectors, target 0.95, powers of 0, 0.5 and 0.7 gave recall 0.77, 0.95 and 0.98 at k 1000, and
     * 0.59, 0.92 and 0.97 at k 3000.
     */
    private static final double DEEPER = 0.75;

    /**
     * Vectors that may be found, for each that is to be found, near the heads that a filtered
     * search must have met: without them, a k that is a large part of what is allowed ends too
     * early.
     */
    private static final double MARGIN_OF_K = 2;

    /**
     * What a hole around a query adds to the gap between the nearest and the last head, at most.
     * Without the nearest 50, 500, 2000 and 10,000 of 400,000 SIFT vectors, at k 10 and target
     * 0.95, recall was 0.82, 0.54, 0.45 and 0.26 without a look at the gap, 0.93, 0.86, 0.81 and
     * 0.76 with the gap as it is, 0.99, 0.96, 0.97 and 0.95 with 1.5 times the gap.
     */
    private static final double HOLE = 0.6;

    public ProbePolicy {
        fromDistances = List.copyOf(fromDistances);
        probes = List.copyOf(probes);
    }

    /** The same number of probes for all queries. */
    public static ProbePolicy fixed(int probes, double epsilon) {
        if (probes < 1) {
            throw new InvalidInputException("probes is " + probes + "; use 1 or more");
        }
        if (!(epsilon >= 0)) {
            throw new InvalidInputException("epsilon is " + epsilon + "; use 0 or more");
        }
        return new ProbePolicy(List.of(0.0), List.of(probes), epsilon);
    }

    /**
     * The fewest probes that reach a recall by the calibration; more, by a rule of experience, for
     * a k beyond it.
     *
     * @param table the calibration of the index
     * @param target recall@k to reach, above 0, at most 1
     * @throws InvalidInputException if the target makes no sense, or the index has no calibration
     */
    public static ProbePolicy forRecall(List<CalibrationRow> table, double target, int k) {
        if (!(target > 0 && target <= 1)) {
            throw new InvalidInputException(
                    "recall target is " + target + "; use a number above 0 and at most 1");
        }
        if (table.isEmpty()) {
            throw new InvalidInputException(
                    "The index has no calibration table, so it cannot tell probes for a recall"
                            + " target; give probes instead");
        }
        double goal = target + MARGIN * (1 - target);
        int calibratedK = nearestK(table, k);
        TreeMap<Double, TreeMap<Integer, Double>> byClass = new TreeMap<>();
        for (CalibrationRow row : table) {
            if (row.k() == calibratedK) {
                byClass.computeIfAbsent(row.fromDistance(), distance -> new TreeMap<>())
                        .put(row.probes(), row.recall());
            }
        }
        int most = table.stream().mapToInt(CalibrationRow::probes).max().orElseThrow();
        List<Integer> probes = new ArrayList<>();
        double deeper = deeper(Math.max(1.0, (double) k / calibratedK));
        int before = 1;
        for (TreeMap<Integer, Double> recalls : byClass.values()) {
            // A farther class never reads less: its sample may just have been lucky.
            before = Math.max(before, Math.min(most, fewestProbes(recalls, goal)));
            probes.add((int) Math.ceil(before * deeper));
        }
        return new ProbePolicy(new ArrayList<>(byClass.keySet()), probes, Double.POSITIVE_INFINITY);
    }

    /**
     * The fewest probes that reach a recall: between two settings that were measured, recall is
     * taken to grow evenly.
     *
     * @param recalls recall of each number of probes
     */
    private static int fewestProbes(TreeMap<Integer, Double> recalls, double goal) {
        int probesBefore = 0;
        double recallBefore = 0;
        for (Map.Entry<Integer, Double> row : recalls.entrySet()) {
            int probes = row.getKey();
            double recall = row.getValue();
            if (recall >= goal) {
                double part = (goal - recallBefore) / (recall - recallBefore);
                return probesBefore + (int) Math.ceil(part * (probes - probesBefore));
            }
            probesBefore = probes;
            recallBefore = recall;
        }
        return Integer.MAX_VALUE;
    }

    /** How many times the postings it takes to find so many times the neighbours. */
    static double deeper(double neighbors) {
        return Math.pow(neighbors, DEEPER);
    }

    /** The least calibrated k that is at least {@code k}, else the greatest there is. */
    private static int nearestK(List<CalibrationRow> table, int k) {
        int best = -1;
        for (CalibrationRow row : table) {
            boolean better = best < k ? row.k() > best : row.k() >= k && row.k() < best;
            if (better) {
                best = row.k();
            }
        }
        return best;
    }

    /** The true distance of a query and a head. */
    @FunctionalInterface
    public interface HeadDistance {
        double at(float score);
    }

    /** Most probes of any class. */
    public int maxProbes() {
        return probes.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /**
     * How many of the nearest heads of a query to read.
     *
     * @param heads sorted lists with scores
     * @param list which list
     * @param distances of the query
     */
    public int probes(NearestLists heads, int list, HeadDistance distances) {
        int size = heads.size(list);
        if (size == 0) {
            return 0;
        }
        double nearest = distances.at(heads.distance(list, 0));
        int most = Math.min(size, probesAt(nearest));
        if (epsilon == Double.POSITIVE_INFINITY) {
            return most;
        }
        double limit = nearest * (1 + epsilon);
        int count = 1;
        while (count < most && distances.at(heads.distance(list, count)) <= limit) {
            count++;
        }
        return count;
    }

    /**
     * How many of the nearest heads of a query to read where only some vectors may be found. Heads
     * are a sample of the vectors, so their allowed share tells that of the vectors around: the k
     * nearest allowed ones are found where the {@code k / share} nearest of all would be, and
     * probes grow with k by the power {@link #DEEPER}. Heads nearer than the first allowed one do
     * not count, for they lie in a region without allowed vectors. If that region is all around the
     * query, allowed vectors lie in all directions, and in many more postings than there are around
     * a query; so it also goes on until heads are as much farther than the first allowed one as the
     * last one that is read without a filter is farther than the nearest: in squared distance, for
     * how far a vector and its head are apart does not depend on the query. However few that would
     * be, it goes on until enough vectors may be found.
     *
     * @param heads sorted lists, as for the other method
     * @param least allowed heads that are read at least, see {@link #leastHeads}
     * @return -1 if a longer list is needed to tell
     */
    int probes(
            NearestLists heads, int list, HeadDistance distances, AllowList allowed, double least) {
        int counted = 0;
        int first = 0;
        int most = 1;
        double limit = Double.POSITIVE_INFINITY;
        float gap = 0;
        for (int r = 0; r < heads.size(list); r++) {
            double distance = distances.at(heads.distance(list, r));
            if (distance > limit) {
                return r;
            }
            if (allowed.containsHead(heads.number(list, r))) {
                if (counted == 0) {
                    first = r;
                    most = probesAt(distance);
                    gap = gap(heads, list, distances);
                    // Infinity times a distance of zero is no limit.
                    limit = epsilon == Double.POSITIVE_INFINITY ? limit : distance * (1 + epsilon);
                }
                counted++;
                int read = r - first + 1;
                float farther = heads.distance(list, r) - heads.distance(list, first);
                if (counted >= least
                        && suffices(counted, read, most)
                        && farther >= gap * wider((double) first * counted / read)) {
                    return r + 1;
                }
            }
        }
        return -1;
    }

    /** How much farther than the nearest head the last one is that is read if all is allowed. */
    private float gap(NearestLists heads, int list, HeadDistance distances) {
        int most = probesAt(distances.at(heads.distance(list, 0)));
        int last = Math.min(most, heads.size(list)) - 1;
        return heads.distance(list, last) - heads.distance(list, 0);
    }

    /**
     * How many times the gap of an unfiltered search it takes.
     *
     * @param skipped heads before the first allowed one, times the allowed share of those after it:
     *     about 1 where allowed vectors are spread evenly, many where there is a hole
     */
    private static double wider(double skipped) {
        return 1 + HOLE * skipped / (skipped + 4);
    }

    /** Whether {@code read} is {@code most / share ^ DEEPER}, without powers for each head. */
    private static boolean suffices(int allowed, int read, int most) {
        double cube = (double) allowed * allowed * allowed;
        double square = (double) most * most;
        return cube * read >= square * square;
    }

    /**
     * Postings that queries read for each that they would read if all vectors were allowed, about.
     *
     * @param share allowed part of the heads, above 0
     */
    private static double widening(double share) {
        return deeper(1 / share);
    }

    /**
     * Allowed heads near which {@code k} allowed vectors are to be expected, and some more.
     *
     * @param vectors how many vectors there are
     * @param heads how many of them are heads
     */
    public static double leastHeads(int k, long vectors, long heads) {
        return MARGIN_OF_K * k * heads / Math.max(1, vectors);
    }

    /**
     * Postings that a filtered search reads, about.
     *
     * @param share allowed part of the vectors
     * @param least see {@link #leastHeads}
     * @param heads of the index
     */
    public double filteredProbes(double share, double least, long heads) {
        return share > 0
                ? Math.min(heads, Math.max(maxProbes() * widening(share), least / share))
                : heads;
    }

    /**
     * Most postings that a query reads.
     *
     * @param nearest true distance to its nearest head
     */
    public int mostProbes(double nearest) {
        return probesAt(nearest);
    }

    private int probesAt(double distance) {
        int at = fromDistances.size() - 1;
        while (at > 0 && fromDistances.get(at) > distance) {
            at--;
        }
        return probes.get(at);
    }
}
