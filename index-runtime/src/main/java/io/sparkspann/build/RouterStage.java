package io.sparkspann.build;

import io.sparkspann.cluster.BalancedKMeans;
import io.sparkspann.cluster.Clusters;
import io.sparkspann.cluster.Router;
import io.sparkspann.cluster.RowSource;
import io.sparkspann.cluster.Seeds;
import io.sparkspann.distance.Geometry;
import io.sparkspann.distance.NearestLists;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Stage 1, second half: the router's leaves, by hierarchical balanced k-means over the sample. Up
 * to {@value #FLAT_LEAVES} leaves, if their sample fits a task, come from one clustering; more from
 * two levels: groups from a part of the sample, then every group's leaves from the sample vectors
 * nearest to it, each in its own task.
 */
final class RouterStage {
    /** Sample vectors for each leaf. */
    static final int SAMPLES_PER_LEAF = 256;

    static final int FLAT_LEAVES = 512;

    /** Sample vectors of a task take no more than about this. */
    static final long SAMPLE_BYTES = 128L << 20;

    /** Where the sample has to be cut to fit, this many vectors for each leaf must do. */
    private static final int LEAST_SAMPLES_PER_LEAF = 32;

    /** Rows that are embedded at a time to find their leaves. */
    private static final int CHUNK = 2048;

    private RouterStage() {}

    /** Centroids of one clustering, row-major. */
    record Centroids(float[] values) implements Serializable {}

    static Router run(BuildContext context, BuildEngine engine, int leaves) {
        if (isFlat(context.table(), leaves)) {
            float[] centroids =
                    engine.run("1/7: router", 1, task -> flat(context, leaves, 1)).get(0).values();
            return flatRouter(context.space().geometry(), centroids);
        }
        int groups = (int) Math.ceil(Math.sqrt(leaves));
        double share =
                Math.min(
                        (double) groups / leaves,
                        sampleRows(context.table()) / ((double) leaves * SAMPLES_PER_LEAF));
        float[] groupCentroids =
                engine.run("1/7: router groups", 1, task -> flat(context, groups, share))
                        .get(0)
                        .values();
        return twoLevels(context, engine, leaves, groupCentroids);
    }

    /** Whether one task may cluster the sample for so many leaves. */
    static boolean isFlat(TableShape table, int leaves) {
        return leaves <= Math.min(FLAT_LEAVES, Math.max(1, sampleRows(table) / SAMPLES_PER_LEAF));
    }

    /** Sample vectors that a task may hold. */
    private static long sampleRows(TableShape table) {
        return SAMPLE_BYTES / ((long) table.dimensions() * table.elementType().bytes());
    }

    /**
     * Clusters the sample, or a part of it. The part is chosen file by file, for the whole sample
     * of a large table does not fit a task.
     */
    private static Centroids flat(BuildContext context, int k, double share) {
        RowCodec codec = RowCodec.of(context.table());
        RowBuffer sample = new RowBuffer(codec);
        for (FileEntry file : context.scan().samples()) {
            try (SegmentFile segments = context.segments(file)) {
                segments.forEach(
                        ScanStage.ROUTER_SEGMENT,
                        ScanStage.ROUTER_SEGMENT + 1,
                        (segment, bytes) -> addPart(codec, bytes, share, sample));
            }
        }
        return new Centroids(cluster(context, sample, k).means());
    }

    private static void addPart(RowCodec codec, ByteBuffer bytes, double share, RowBuffer sample) {
        if (share >= 1) {
            sample.add(bytes);
            return;
        }
        IdBlockBuilder decoded = new IdBlockBuilder(codec.idType());
        VectorBlock vectors = codec.decode(bytes, decoded);
        IdBlock ids = decoded.build();
        int[] rows = new int[vectors.size()];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (Sampling.fraction(Sampling.hash(ids, vectors, i)) < share) {
                rows[count++] = i;
            }
        }
        sample.add(ids, vectors, Arrays.copyOf(rows, count));
    }

    /** A router with one group and one shard. */
    static Router flatRouter(Geometry geometry, float[] leafCentroids) {
        int dimensions = geometry.dimensions();
        int[] starts = {0, leafCentroids.length / dimensions};
        return new Router(geometry, starts, new float[dimensions], leafCentroids, starts);
    }

    /** Clusters a sample, which the buffer gives up. */
    static Clusters cluster(BuildContext context, RowBuffer sample, int k) {
        VectorSpace space = context.space();
        IdBlock ids = sample.ids();
        VectorBlock vectors = sample.takeVectors();
        int[] members = RowOrder.byHash(ids, vectors);
        BalancedKMeans kMeans =
                new BalancedKMeans(RowSource.of(space, vectors), context.options().balance());
        return kMeans.cluster(
                members, 0, members.length, k, Seeds.mix(context.options().seed(), k));
    }

    private static Router twoLevels(
            BuildContext context, BuildEngine engine, int leaves, float[] groupCentroids) {
        Geometry geometry = context.space().geometry();
        int groups = groupCentroids.length / geometry.dimensions();
        RouterTop shared = new RouterTop(groupCentroids);
        List<FileEntry> samples = context.scan().samples();
        List<RouteStage.Split> routed =
                engine.run(
                        "1/7: router sample",
                        samples.size(),
                        task ->
                                RouteStage.routeSample(
                                        context, shared.router(context), samples.get(task), task));
        long[] counts = RouteStage.leafCounts(routed, groups);
        long total = Math.max(1, Arrays.stream(counts).sum());
        List<FileEntry> files =
                RouteStage.parts(routed).stream().map(RouteStage.Part::file).toList();
        List<Centroids> parts =
                engine.run(
                        "1/7: router leaves",
                        groups,
                        group -> {
                            long wished = Math.round((double) leaves * counts[group] / total);
                            Wish wish = Wish.of(context.table(), counts[group], wished);
                            return group(context, shared, files, group, wish);
                        });
        return join(geometry, groupCentroids, parts);
    }

    /** What tasks need of the top level. */
    private record RouterTop(float[] centroids) implements Serializable {
        Router router(BuildContext context) {
            return flatRouter(context.space().geometry(), centroids);
        }
    }

    /**
     * What is wished for below a group.
     *
     * @param share of its sample that is used
     */
    record Wish(int leaves, double share) {
        /** Where a group has most of the sample, a part must do, and the leaves are fewer. */
        static Wish of(TableShape table, long sample, long leaves) {
            long rows = Math.max(2 * LEAST_SAMPLES_PER_LEAF, sampleRows(table));
            long most = sample <= rows ? Integer.MAX_VALUE : rows / LEAST_SAMPLES_PER_LEAF;
            double share = sample <= rows ? 1 : (double) rows / sample;
            return new Wish((int) Math.max(1, Math.min(leaves, most)), share);
        }
    }

    private static Centroids group(
            BuildContext context, RouterTop top, List<FileEntry> files, int group, Wish wish) {
        RowCodec codec = RowCodec.of(context.table());
        RowBuffer sample = new RowBuffer(codec);
        for (FileEntry file : files) {
            try (SegmentFile segments = context.segments(file)) {
                segments.forEach(
                        group,
                        group + 1,
                        (segment, bytes) -> addPart(codec, bytes, wish.share(), sample));
            }
        }
        if (sample.size() == 0) {
            int d = context.space().embeddedDimensions();
            return new Centroids(Arrays.copyOfRange(top.centroids(), group * d, (group + 1) * d));
        }
        return new Centroids(cluster(context, sample, wish.leaves()).means());
    }

    private static Router join(Geometry geometry, float[] groupCentroids, List<Centroids> parts) {
        int dimensions = geometry.dimensions();
        int[] groupStarts = new int[parts.size() + 1];
        for (int g = 0; g < parts.size(); g++) {
            groupStarts[g + 1] = groupStarts[g] + parts.get(g).values().length / dimensions;
        }
        float[] leaves = new float[groupStarts[parts.size()] * dimensions];
        for (int g = 0; g < parts.size(); g++) {
            float[] part = parts.get(g).values();
            System.arraycopy(part, 0, leaves, groupStarts[g] * dimensions, part.length);
        }
        int[] shardStarts = {0, groupStarts[parts.size()]};
        return new Router(geometry, groupStarts, groupCentroids, leaves, shardStarts);
    }

    /** Leaf of each row. */
    static int[] nearestLeaves(Router router, VectorSpace space, VectorBlock vectors) {
        int dimensions = space.embeddedDimensions();
        int[] leaves = new int[vectors.size()];
        float[] rows = new float[Math.min(leaves.length, CHUNK) * dimensions];
        NearestLists nearest = new NearestLists(1);
        for (int from = 0; from < leaves.length; from += CHUNK) {
            int count = Math.min(CHUNK, leaves.length - from);
            for (int i = 0; i < count; i++) {
                space.embed(vectors, from + i, rows, i * dimensions);
            }
            nearest.reset(count);
            router.nearestLeaves(rows, count, nearest);
            for (int i = 0; i < count; i++) {
                leaves[from + i] = nearest.number(i, 0);
            }
        }
        return leaves;
    }
}
