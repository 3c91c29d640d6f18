package io.sparkspann.posting;

import io.sparkspann.cluster.RowSource;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;
import java.util.function.IntUnaryOperator;

/**
 * Closure assignment under the RNG rule (SPANN section 3.2): a vector goes to the posting of its
 * nearest head and to those of further near heads, but not to a head that lies close behind an
 * accepted one.
 *
 * <p>Candidate {@code c} of vector {@code x} is rejected when an accepted {@code a} has {@code
 * rngFactor * d(a,c) < d(x,c)} in true (not squared) distance, or when it equals an accepted head.
 * Where so many heads are equal within rounding that a list of candidates shows but some of them,
 * the vector's home is chosen among those of its own leaf, and the others are not considered. One
 * instance serves one thread.
 */
public final class Closure {
    /** Says that there is no head. */
    public static final int NO_HEAD = -1;

    /** Equal heads at the front of a list that make a crowd; fewer are met by chance. */
    private static final int CROWD = 8;

    /** Error of a squared distance, as a part of the squared norms that it is computed from. */
    private static final float ROUNDING = 1e-6f;

    /**
     * Squared distance of equal heads, at most, as a part of their squared norm: below one rounding
     * error of a score, so that no search ranks them, whatever is done.
     */
    private static final float EQUAL = 1e-8f;

    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private final Kernels kernels = KernelProvider.kernels();
    private final RowSource heads;
    private final int dimensions;
    private final double squaredFactor;
    private final int replicas;
    private final float[] accepted;
    private final float[] candidate;
    private final int[] selectedHeads;
    private final float[] selectedDistances;
    private int selected;

    /** Heads whose squared distance is not above this are equal. */
    private float least;

    /**
     * @param heads embedded heads by head number
     * @param rngFactor the factor of the rule, above 0; greater accepts more
     * @param replicas most postings for a vector
     */
    public Closure(RowSource heads, double rngFactor, int replicas) {
        this.heads = heads;
        this.dimensions = heads.dimensions();
        this.squaredFactor = rngFactor * rngFactor;
        this.replicas = replicas;
        this.accepted = new float[replicas * dimensions];
        this.candidate = new float[dimensions];
        this.selectedHeads = new int[replicas];
        this.selectedDistances = new float[replicas];
    }

    /**
     * The vector whose postings are selected.
     *
     * @param squaredNorm squared norm of the embedded vector
     * @param ordinal spreads vectors over heads that are equally near
     * @param homes where the vectors of a crowd are at home: gives for the nearest head found one
     *     that equals it within rounding, or {@link #NO_HEAD}
     */
    public record Row(float squaredNorm, long ordinal, IntUnaryOperator homes) {}

    /**
     * Selects the postings of one vector; the first selected is its home.
     *
     * @param candidates sorted lists of near heads, with squared distances that lack the vector's
     *     squared norm
     * @param i which list
     * @param row the vector
     * @return how many were selected, at least 1
     */
    public int select(NearestLists candidates, int i, Row row) {
        int size = candidates.size(i);
        if (size == 0) {
            throw new IllegalArgumentException("No candidates for vector " + row.ordinal());
        }
        selected = 0;
        least = 0;
        float norm = row.squaredNorm();
        if (isCrowd(candidates, i, norm)) {
            int home = row.homes().applyAsInt(candidates.number(i, 0));
            if (home != NO_HEAD) {
                least = rounding(norm, dimensions);
                begin(home, candidates.distance(i, 0) + norm);
                considerAll(candidates, i, norm);
                return selected;
            }
        }
        int home = home(candidates, i, row);
        begin(candidates.number(i, home), candidates.distance(i, home) + norm);
        considerAll(candidates, i, norm);
        return selected;
    }

    /**
     * Whether the nearest heads cannot be told apart, neither from the vector nor from each other.
     */
    private boolean isCrowd(NearestLists candidates, int i, float squaredNorm) {
        if (candidates.size(i) < CROWD) {
            return false;
        }
        float width = candidates.distance(i, CROWD - 1) - candidates.distance(i, 0);
        if (width > rounding(squaredNorm, dimensions)) {
            return false;
        }
        heads.copy(candidates.number(i, 0), accepted, 0);
        heads.copy(candidates.number(i, CROWD - 1), candidate, 0);
        return areEqual(accepted, candidate);
    }

    private static int home(NearestLists candidates, int i, Row row) {
        int size = candidates.size(i);
        int ties = 1;
        while (ties < size && candidates.distance(i, ties) == candidates.distance(i, 0)) {
            ties++;
        }
        float width = candidates.distance(i, size - 1) - candidates.distance(i, 0);
        if (size == candidates.capacity() && width <= ROUNDING * row.squaredNorm()) {
            // Too many near equal heads: rounding errors would send all vectors to the same one.
            ties = size;
        }
        return (int) Math.floorMod(row.ordinal(), (long) ties);
    }

    /**
     * What rounding may make of a squared distance of 0 that the tile kernel computes: the errors
     * of a sum over the dimensions grow with their root, as those of a random walk.
     */
    private static float rounding(double squaredNorm, int dimensions) {
        return (float) (2 * squaredNorm * UNIT_ROUNDOFF * (8 + 4 * Math.sqrt(dimensions)));
    }

    /**
     * Whether no search can tell two embedded vectors apart, for their distance is at most a
     * ten-thousandth of their norm.
     *
     * @param a its first components, as many as {@code b} has
     */
    public static boolean areEqual(float[] a, float[] b) {
        Kernels kernels = KernelProvider.kernels();
        float norm = kernels.dot(b, 0, b, 0, b.length);
        return kernels.squaredL2(a, 0, b, 0, b.length) <= EQUAL * norm;
    }

    private void begin(int home, float squaredDistance) {
        heads.copy(home, accepted, 0);
        accept(home, squaredDistance);
    }

    private void considerAll(NearestLists candidates, int i, float squaredNorm) {
        int home = selectedHeads[0];
        for (int r = 0; r < candidates.size(i) && selected < replicas; r++) {
            if (candidates.number(i, r) != home) {
                consider(candidates.number(i, r), candidates.distance(i, r) + squaredNorm);
            }
        }
    }

    private void consider(int head, float squaredDistance) {
        heads.copy(head, candidate, 0);
        for (int a = 0; a < selected; a++) {
            float between = kernels.squaredL2(accepted, a * dimensions, candidate, 0, dimensions);
            if (between <= least || squaredFactor * between < squaredDistance) {
                return;
            }
        }
        System.arraycopy(candidate, 0, accepted, selected * dimensions, dimensions);
        accept(head, squaredDistance);
    }

    private void accept(int head, float squaredDistance) {
        selectedHeads[selected] = head;
        selectedDistances[selected] = (float) Math.sqrt(Math.max(0, squaredDistance));
        selected++;
    }

    /** Head number {@code r} of the last selection. */
    public int head(int r) {
        return selectedHeads[r];
    }

    /** Distance between the vector and head {@code r} of the last selection, in embedded space. */
    public float distance(int r) {
        return selectedDistances[r];
    }
}
