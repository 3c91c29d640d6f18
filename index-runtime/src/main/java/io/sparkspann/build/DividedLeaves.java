package io.sparkspann.build;

import io.sparkspann.cluster.Router;
import io.sparkspann.format.FileEntry;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What a round of {@link DivideStage} did to some leaves, and how their parts take their places.
 *
 * @param leaves numbers of the leaves, ascending
 * @param divisions into what each was divided
 * @param moved what became of the rows in each file
 */
record DividedLeaves(int[] leaves, List<Division> divisions, List<Moved> moved) {
    /**
     * What a task wrote.
     *
     * @param file null if there were no rows
     * @param counts rows of each part of all leaves
     */
    record Moved(FileEntry file, int[] counts) implements Serializable {}

    private long[] partCounts() {
        long[] counts = new long[moved.get(0).counts().length];
        for (Moved task : moved) {
            for (int p = 0; p < counts.length; p++) {
                counts[p] += task.counts()[p];
            }
        }
        return counts;
    }

    private List<FileEntry> files() {
        return moved.stream().map(Moved::file).filter(file -> file != null).toList();
    }

    /**
     * Puts the parts that have rows in the places of their leaves.
     *
     * @param router by which {@code routed} went
     */
    RouteStage.Routed in(BuildContext context, RouteStage.Routed routed, Router router) {
        int d = router.dimensions();
        long[] partCounts = partCounts();
        int[] partLeaves = new int[partCounts.length];
        int kept = (int) Arrays.stream(partCounts).filter(count -> count > 0).count();
        int total = router.leafCount() - leaves.length + kept;
        float[] centroids = new float[total * d];
        long[] counts = new long[total];
        int[] starts = new int[router.leafCount() + 1];
        int[] numbers = new int[router.leafCount()];
        int next = 0;
        int part = 0;
        int done = 0;
        for (int leaf = 0; leaf < router.leafCount(); leaf++) {
            starts[leaf] = next;
            if (done == leaves.length || leaves[done] != leaf) {
                System.arraycopy(router.leafCentroids(), leaf * d, centroids, next * d, d);
                counts[next] = routed.counts()[leaf];
                numbers[leaf] = next++;
                continue;
            }
            numbers[leaf] = LeafCatalogue.NO_LEAF;
            Division division = divisions.get(done++);
            for (int cluster : division.clusterOfParts()) {
                partLeaves[part] = LeafCatalogue.NO_LEAF;
                if (partCounts[part] > 0) {
                    System.arraycopy(division.centroids(), cluster * d, centroids, next * d, d);
                    counts[next] = partCounts[part];
                    partLeaves[part] = next++;
                }
                part++;
            }
        }
        starts[router.leafCount()] = next;
        LeafCatalogue.Layer layer = new LeafCatalogue.Layer(files(), partLeaves);
        return new RouteStage.Routed(
                RouterStaging.write(context, router.withLeaves(starts, centroids)),
                routed.leaves().divided(numbers, layer),
                counts);
    }
}
