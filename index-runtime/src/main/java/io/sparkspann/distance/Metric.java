package io.sparkspann.distance;

import io.sparkspann.error.InvalidInputException;

/**
 * How near two vectors are, for a stored vector {@code a} and a query {@code b}.
 *
 * <p>Equal distances are ordered by ascending id.
 */
public enum Metric {
    /** Euclidean distance {@code sqrt(sum (a_i - b_i)^2)}, 0 or more, smaller is nearer. */
    L2(1, "l2"),
    /** Inner product {@code a·b}, a similarity: any value, greater is nearer. */
    IP(2, "ip"),
    /**
     * Cosine distance {@code 1 - a·b / (|a| |b|)}, 0 to 2, smaller is nearer; a zero vector is an
     * error.
     */
    COSINE(3, "cosine");

    private final int code;
    private final String label;

    Metric(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Stable number of the metric in index files; never reused. */
    public int code() {
        return code;
    }

    /** Name in commands and manifests, such as {@code l2}. */
    public String label() {
        return label;
    }

    /** Whether a greater number is nearer. */
    public boolean isSimilarity() {
        return this == IP;
    }

    /** Whether a vector of length zero has no defined distance. */
    public boolean rejectsZero() {
        return this == COSINE;
    }

    /**
     * @throws InvalidInputException if no metric has this label
     */
    public static Metric ofLabel(String label) {
        for (Metric metric : values()) {
            if (metric.label.equals(label)) {
                return metric;
            }
        }
        throw new InvalidInputException("Unknown metric '" + label + "'; use l2, ip or cosine");
    }
}
