package io.sparkspann.posting;

import io.sparkspann.cluster.RowSource;
import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.NearestLists;

/**
 * Closure assignment under the RNG rule (SPANN section 3.2): a vector goes to the posting of its
 * nearest head and to those of further near heads, but not to a head that lies close behind an
 * accepted one.
 *
 * <p>Candidate {@code c} of vector {@code x} is rejected when an accepted {@code a} has {@code
 * rngFactor * d(a,c) < d(x,c)} in true (not squared) distance, or when it equals an accepted head.
 * One instance serves one thread.
 */
public final class Closure {
    /** Error of a squared distance, as a part of the squared norms that it is computed from. */
    private static final float ROUNDING = 1e-6f;

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
     * Selects the postings of one vector; the first selected is its home.
     *
     * @param candidates sorted lists of near heads, with squared distances that lack the vector's
     *     squared norm
     * @param i which list
     * @param squaredNorm squared norm of the embedded vector
     * @param ordinal spreads vectors over heads that are equally near
     * @return how many were selected, at least 1
     */
    public int select(NearestLists candidates, int i, float squaredNorm, long ordinal) {
        int size = candidates.size(i);
        if (size == 0) {
            throw new IllegalArgumentException("No candidates for vector " + ordinal);
        }
        int ties = 1;
        while (ties < size && candidates.distance(i, ties) == candidates.distance(i, 0)) {
            ties++;
        }
        float width = candidates.distance(i, size - 1) - candidates.distance(i, 0);
        if (size == candidates.capacity() && width <= ROUNDING * squaredNorm) {
            // Too many near equal heads: rounding errors would send all vectors to the same one.
            ties = size;
        }
        int home = (int) Math.floorMod(ordinal, (long) ties);
        selected = 0;
        heads.copy(candidates.number(i, home), accepted, 0);
        accept(candidates.number(i, home), candidates.distance(i, home) + squaredNorm);
        for (int r = 0; r < size && selected < replicas; r++) {
            if (r != home) {
                consider(candidates.number(i, r), candidates.distance(i, r) + squaredNorm);
            }
        }
        return selected;
    }

    /** Selects a head that equals the vector, and no other. */
    public int selectEqual(int head) {
        selected = 0;
        accept(head, 0);
        return selected;
    }

    private void consider(int head, float squaredDistance) {
        heads.copy(head, candidate, 0);
        for (int a = 0; a < selected; a++) {
            float between = kernels.squaredL2(accepted, a * dimensions, candidate, 0, dimensions);
            if (between == 0 || squaredFactor * between < squaredDistance) {
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
