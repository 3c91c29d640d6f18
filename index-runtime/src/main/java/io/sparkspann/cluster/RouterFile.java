package io.sparkspann.cluster;

import io.sparkspann.distance.Geometry;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnWriter;
import java.util.Arrays;

/**
 * The router's file. Section {@code tree}: dimensions, groups, leaves, shards, then {@code groups +
 * 1} first leaves of the groups, {@code shards + 1} first leaves of the shards, {@code shards + 1}
 * first nodes and {@code shards + 1} first heads of the shards, all u32. Section {@code centroids}:
 * the groups', then the leaves' centroids, float32, row-major.
 */
public final class RouterFile {
    private static final int COUNTS = 4;

    private RouterFile() {}

    /**
     * What the file holds.
     *
     * @param router the tree
     * @param firstNodes {@code shards + 1} ascending numbers
     * @param firstHeads {@code shards + 1} ascending numbers
     */
    public record Content(Router router, int[] firstNodes, int[] firstHeads) {}

    /** Writes both sections. */
    public static void write(SpnWriter out, Content content) {
        Router router = content.router();
        int[] counts = {
            router.dimensions(),
            router.groupStarts().length - 1,
            router.leafCount(),
            router.shardCount()
        };
        out.begin(SectionType.ROUTER_TREE);
        writeAll(out, counts);
        writeAll(out, router.groupStarts());
        writeAll(out, router.shardStarts());
        writeAll(out, content.firstNodes());
        writeAll(out, content.firstHeads());
        out.end();
        out.begin(SectionType.ROUTER_CENTROIDS);
        out.writeFloats(router.groupCentroids(), 0, router.groupCentroids().length);
        out.writeFloats(router.leafCentroids(), 0, router.leafCentroids().length);
        out.end();
    }

    private static void writeAll(SpnWriter out, int[] values) {
        out.writeInts(values, 0, values.length);
    }

    /**
     * Reads the router.
     *
     * @param geometry of the embedded vectors, as the manifest has it
     * @throws CorruptIndexException if the counts do not fit each other
     */
    public static Content read(SpnFile file, Geometry geometry) {
        int dimensions = geometry.dimensions();
        IntReader tree = new IntReader(file, SectionType.ROUTER_TREE);
        int[] counts = tree.next(COUNTS);
        tree.require(
                counts[0] == dimensions,
                "dimensions are " + counts[0] + ", expected " + dimensions);
        int[] groupStarts = tree.starts(counts[1], counts[2]);
        int[] shardStarts = tree.starts(counts[3], counts[2]);
        int[] firstNodes = tree.starts(counts[3], Integer.MAX_VALUE);
        int[] firstHeads = tree.starts(counts[3], Integer.MAX_VALUE);
        tree.requireEnd();
        tree.require(groupStarts[counts[1]] == counts[2], "the groups do not cover the leaves");
        tree.require(shardStarts[counts[3]] == counts[2], "the shards do not cover the leaves");
        float[] centroids = file.readFloats(SectionType.ROUTER_CENTROIDS);
        long expected = ((long) counts[1] + counts[2]) * dimensions;
        tree.require(
                centroids.length == expected,
                "there are " + centroids.length + " centroid components, expected " + expected);
        int split = counts[1] * dimensions;
        Router router =
                new Router(
                        geometry,
                        groupStarts,
                        Arrays.copyOf(centroids, split),
                        Arrays.copyOfRange(centroids, split, centroids.length),
                        shardStarts);
        return new Content(router, firstNodes, firstHeads);
    }
}
