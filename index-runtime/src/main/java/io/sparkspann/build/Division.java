package io.sparkspann.build;

import io.sparkspann.cluster.Clusters;
import io.sparkspann.cluster.Router;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Into what a leaf is divided: clusters, some of them in several parts with equal centroids, for
 * their vectors cannot be told apart.
 *
 * @param centroids of the clusters, row-major; empty if the leaf's own is to stand for its only one
 * @param copies parts of each cluster
 */
record Division(float[] centroids, int[] copies) implements Serializable {
    /**
     * The division by a clustering of a sample. The seeds of a clustering are spread over the
     * sample, so a cluster that has kept most of many seeds, and is still too large, is one point.
     *
     * @param wished number of clusters that were wished for
     * @param rows of the leaf
     */
    static Division of(Clusters clusters, int wished, long rows, ShardSizes sizes) {
        int count = clusters.count();
        if (count == 1) {
            return new Division(clusters.means(), new int[] {sizes.evenParts(rows)});
        }
        int total = clusters.bounds()[count] - clusters.bounds()[0];
        int[] copies = new int[count];
        for (int c = 0; c < count; c++) {
            double share = (double) clusters.size(c) / total;
            boolean point = share > Math.max(0.5, 4.0 / wished) && share * rows > sizes.most();
            copies[c] = point ? sizes.evenParts((long) (share * rows)) : 1;
        }
        return new Division(clusters.means(), copies);
    }

    /** The division of a leaf of which nothing is known. */
    static Division even(long rows, ShardSizes sizes) {
        return new Division(new float[0], new int[] {sizes.evenParts(rows)});
    }

    /** The same one, with the leaf's centroid if it has none. */
    Division withCentroid(Router router, int leaf) {
        int d = router.dimensions();
        return centroids.length > 0
                ? this
                : new Division(
                        Arrays.copyOfRange(router.leafCentroids(), leaf * d, (leaf + 1) * d),
                        copies);
    }

    int parts() {
        return Arrays.stream(copies).sum();
    }

    /** Cluster of each part. */
    int[] clusterOfParts() {
        int[] clusters = new int[parts()];
        int part = 0;
        for (int c = 0; c < copies.length; c++) {
            Arrays.fill(clusters, part, part + copies[c], c);
            part += copies[c];
        }
        return clusters;
    }

    /**
     * The part of each vector.
     *
     * @param draw a number in [0, 1) for each row
     */
    int[] partsOf(VectorSpace space, VectorBlock vectors, IntToDoubleFunction draw) {
        Router router = RouterStage.flatRouter(space.geometry(), centroids);
        int[] numbers = RouterStage.nearestLeaves(router, space, vectors);
        int[] firstParts = new int[copies.length];
        for (int c = 1; c < copies.length; c++) {
            firstParts[c] = firstParts[c - 1] + copies[c - 1];
        }
        for (int i = 0; i < numbers.length; i++) {
            int cluster = numbers[i];
            int copy = copies[cluster] == 1 ? 0 : (int) (draw.applyAsDouble(i) * copies[cluster]);
            numbers[i] = firstParts[cluster] + copy;
        }
        return numbers;
    }
}
