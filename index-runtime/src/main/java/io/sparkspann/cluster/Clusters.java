package io.sparkspann.cluster;

import java.util.Arrays;

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

    /** These clusters and those of the run behind theirs. */
    Clusters join(Clusters next) {
        int[] allBounds = Arrays.copyOf(bounds, count() + next.count() + 1);
        System.arraycopy(next.bounds, 1, allBounds, count() + 1, next.count());
        float[] allMeans = Arrays.copyOf(means, means.length + next.means.length);
        System.arraycopy(next.means, 0, allMeans, means.length, next.means.length);
        return new Clusters(allBounds, allMeans);
    }
}
