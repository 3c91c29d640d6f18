package io.sparkspann.cluster;

/**
 * The result of one clustering: runs of a member array and their means.
 *
 * @param bounds {@code count + 1} ascending positions in the member array; cluster {@code c} is
 *     {@code [bounds[c], bounds[c+1])}
 * @param means {@code count × d}, row-major: the mean of each cluster
 */
public record Clusters(int[] bounds, float[] means) {
    public int count() {
        return bounds.length - 1;
    }

    public int size(int cluster) {
        return bounds[cluster + 1] - bounds[cluster];
    }
}
