package io.sparkspann.posting;

import io.sparkspann.cluster.RowSource;
import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.NearestLists;
import java.util.function.IntUnaryOperator;

/**
 * Closure assignment under the RNG rule (SPANN section 3.2): a vector goes to the posting of its
 * nearest head and to those of further near heads, but not to a head that lies close behind an
 * accepted one.
 *
 * <p>Candidate {@code c} of vector {@code x} is rejected when an accepted {@code a} has {@code
 * rngFactor * d(a,c) < d(x,c)} in true distance, or when it equals an accepted head. Where so many
 * heads are equal within rounding that a list of candidates shows but some of them, the vector's
 * home is chosen among those of its own leaf, and the others are not considered. One instance
 * serves one thread.
 */
public final class Closure {
    /** Says that there is no head. */
    public static final int NO_HEAD = -1;

    /** Equal heads at the front of a list that make a crowd; fewer are met by chance. */
    private static final int CROWD = 8;

    /** Error of a separation, as a part of the magnitudes that it is computed from. */
    private static final float ROUNDING = 1e-6f;

    private final RowSource heads;
    private final Geometry geometry;
    private final int dimensions;
    private final double rngFactor;
    private final int replicas;
    private final float[] accepted;
    private final float[] candidate;
    private final int[] selectedHeads;
    private final float[] selectedDistances;
    private int selected;

    /** Heads whose separation is not above this are equal. */
    private float least;

    /**
     * @param heads embedded heads by head number
     * @param rngFactor the factor of the rule, above 0; greater accepts more
     * @param replicas most postings for a vector
     */
    public Closure(RowSource heads, double rngFactor, int replicas) {
        this.heads = heads;
        this.geometry = heads.geometry();
        this.dimensions = heads.dimensions();
        this.rngFactor = rngFactor;
        this.replicas = replicas;
        this.accepted = new float[replicas * dimensions];
        this.candidate = new float[dimensions];
        this.selectedHeads = new int[replicas];
        this.selectedDistances = new float[replicas];
    }

    /**
     * The vector whose postings are selected.
     *
     * @param rows with the embedded vector
     * @param offset where it begins
     * @param magnitude of the embedded vector
     * @param ordinal spreads vectors over heads that are equally near
     * @param homes where the vectors of a crowd are at home: gives for the nearest head found one
     *     that equals it within rounding, or {@link #NO_HEAD}
     */
    public record Row(
            float[] rows, int offset, float magnitude, long ordinal, IntUnaryOperator homes) {}

    /**
     * Selects the postings of one vector; the first selected is its home.
     *
     * @param candidates sorted lists of near heads with tile scores
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
        float magnitude = row.magnitude();
        if (isCrowd(candidates, i, magnitude)) {
            int home = row.homes().applyAsInt(candidates.number(i, 0));
            if (home != NO_HEAD) {
                least = geometry.rounding(magnitude);
                begin(home, separationOf(home, row));
                considerAll(candidates, i, magnitude);
                return selected;
            }
        }
        int home = home(candidates, i, row);
        float nearest = geometry.separation(candidates.distance(i, home), magnitude);
        begin(candidates.number(i, home), nearest);
        considerAll(candidates, i, magnitude);
        return selected;
    }

    /**
     * Whether the nearest heads cannot be told apart, neither from the vector nor from each other.
     */
    private boolean isCrowd(NearestLists candidates, int i, float magnitude) {
        if (candidates.size(i) < CROWD) {
            return false;
        }
        float width = candidates.distance(i, CROWD - 1) - candidates.distance(i, 0);
        if (width > geometry.rounding(magnitude)) {
            return false;
        }
        heads.copy(candidates.number(i, 0), accepted, 0);
        heads.copy(candidates.number(i, CROWD - 1), candidate, 0);
        return geometry.areEqual(accepted, candidate);
    }

    private static int home(NearestLists candidates, int i, Row row) {
        int size = candidates.size(i);
        int ties = 1;
        while (ties < size && candidates.distance(i, ties) == candidates.distance(i, 0)) {
            ties++;
        }
        float width = candidates.distance(i, size - 1) - candidates.distance(i, 0);
        if (size == candidates.capacity() && width <= ROUNDING * row.magnitude()) {
            // Too many near equal heads: rounding errors would send all vectors to the same one.
            ties = size;
        }
        return (int) Math.floorMod(row.ordinal(), (long) ties);
    }

    /** Computed anew: heads of a crowd are equal, but not so that one's distance is another's. */
    private float separationOf(int home, Row row) {
        heads.copy(home, candidate, 0);
        return geometry.separation(row.rows(), row.offset(), candidate, 0);
    }

    private void begin(int home, float separation) {
        heads.copy(home, accepted, 0);
        accept(home, separation);
    }

    private void considerAll(NearestLists candidates, int i, float magnitude) {
        int home = selectedHeads[0];
        for (int r = 0; r < candidates.size(i) && selected < replicas; r++) {
            if (candidates.number(i, r) != home) {
                float separation = geometry.separation(candidates.distance(i, r), magnitude);
                consider(candidates.number(i, r), separation);
            }
        }
    }

    private void consider(int head, float separation) {
        heads.copy(head, candidate, 0);
        for (int a = 0; a < selected; a++) {
            float between = geometry.separation(accepted, a * dimensions, candidate, 0);
            if (between <= least || geometry.stretched(between, rngFactor) < separation) {
                return;
            }
        }
        System.arraycopy(candidate, 0, accepted, selected * dimensions, dimensions);
        accept(head, separation);
    }

    private void accept(int head, float separation) {
        selectedHeads[selected] = head;
        selectedDistances[selected] = (float) geometry.distance(separation);
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
