package io.sparkspann.search;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;

/**
 * What a search is to find. Either a recall target, which the index turns into probes by its
 * calibration, or probes and epsilon as they are.
 *
 * @param k neighbours wished for, 1 to {@value #MAX_K}
 * @param recallTarget recall@k to reach on average, above 0, at most 1; NaN if probes are given
 * @param probes most postings for a query; 0 if a recall target is given
 * @param epsilon read a posting only if its head is at most {@code 1 + epsilon} times as far as the
 *     nearest; infinity for no such limit
 */
public record SearchOptions(int k, double recallTarget, int probes, double epsilon) {
    public static final int MAX_K = 10_000;

    /** What is used where nothing else is said. */
    public static final double DEFAULT_RECALL_TARGET = 0.95;

    private static final double BOUNDING_RECALL = 0.5;
    private static final int BOUNDING_PROBES = 16;

    public SearchOptions {
        if (k < 1 || k > MAX_K) {
            throw new InvalidInputException("k is " + k + "; use 1 to " + MAX_K);
        }
    }

    public static SearchOptions ofRecall(int k, double recallTarget) {
        return new SearchOptions(k, recallTarget, 0, Double.POSITIVE_INFINITY);
    }

    public static SearchOptions ofProbes(int k, int probes, double epsilon) {
        return new SearchOptions(k, Double.NaN, probes, epsilon);
    }

    /**
     * An approximate search that bounds how far an exact one has to look: it costs little, and its
     * farthest neighbour is not much farther than the true one.
     */
    public static SearchOptions bounding(int k, Manifest manifest) {
        return manifest.calibration().isEmpty()
                ? ofProbes(k, BOUNDING_PROBES, Double.POSITIVE_INFINITY)
                : ofRecall(k, BOUNDING_RECALL);
    }

    /**
     * How many postings queries read.
     *
     * @throws InvalidInputException if target, probes or epsilon are out of range
     */
    public ProbePolicy policy(Manifest manifest) {
        return Double.isNaN(recallTarget)
                ? ProbePolicy.fixed(probes, epsilon)
                : ProbePolicy.forRecall(manifest.calibration(), recallTarget, k);
    }
}
