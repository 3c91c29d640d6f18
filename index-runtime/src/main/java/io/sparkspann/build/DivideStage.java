package io.sparkspann.build;

import io.sparkspann.cluster.Clusters;
import io.sparkspann.cluster.Router;
import io.sparkspann.cluster.Seeds;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdBlockBuilder;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stage 2, second half, only where it is called for: a leaf with more vectors than a shard is to
 * hold is divided. A sample of its rows, chosen by hash, is clustered; the clusters take the place
 * of the leaf in the router, and its rows are routed to them. What is still too large is divided in
 * the next round. Rows that clustering cannot tell apart, and all in the last round, are divided
 * evenly by the hash of their ids, over leaves with equal centroids.
 *
 * <p>A task holds one segment of a routed file, or the sample of one leaf.
 */
final class DivideStage {
    /** Enough for any data but such that has clusters within clusters within clusters. */
    static final int ROUNDS = 5;

    private static final int MOST_CLUSTERS = 512;
    private static final long SAMPLE_BYTES = 64L << 20;

    private DivideStage() {}

    /**
     * A leaf to be divided.
     *
     * @param segment its segment in the files of the newest layer
     * @param rows how many it has
     * @param clusters how many are wished for
     * @param share of its rows that is sampled
     */
    private record Crowded(int segment, long rows, int clusters, double share)
            implements Serializable {}

    /**
     * What a task wrote.
     *
     * @param file null if there were no rows
     * @param counts rows of each segment
     */
    record Written(FileEntry file, int[] counts) implements Serializable {}

    /**
     * A round of a build.
     *
     * @param number from 1 to {@link #ROUNDS}
     */
    private record Round(BuildContext context, ShardSizes sizes, int number)
            implements Serializable {
        /** A number in [0, 1), another one in each round. */
        double draw(long hash) {
            long seed = Seeds.mix(context.options().seed(), -number);
            return Sampling.fraction(Seeds.mix(seed, hash));
        }

        SegmentWriter writer(String stage, int task, int segments) {
            return new SegmentWriter(
                    context.storage(),
                    context.stagingPath(stage, task),
                    context.stagingHeader(),
                    segments);
        }
    }

    static boolean isNeeded(RouteStage.Routed routed, ShardSizes sizes) {
        return Arrays.stream(routed.counts()).anyMatch(count -> count > sizes.most());
    }

    /**
     * One round.
     *
     * @param number of the round, from 1 to {@link #ROUNDS}
     */
    static RouteStage.Routed run(
            BuildContext context,
            BuildEngine engine,
            RouteStage.Routed routed,
            ShardSizes sizes,
            int number) {
        Round round = new Round(context, sizes, number);
        int[] leaves = tooLarge(routed.counts(), sizes.most());
        int[] segments = routed.leaves().newestSegments(leaves);
        ArrayList<Crowded> crowded = new ArrayList<>();
        for (int i = 0; i < leaves.length; i++) {
            crowded.add(plan(context, sizes, segments[i], routed.counts()[leaves[i]]));
        }
        List<FileEntry> files = routed.leaves().newest().files();
        Router router = RouterStaging.read(context, routed.router());
        ArrayList<Division> divisions = new ArrayList<>();
        for (Division division : divisions(round, engine, files, crowded)) {
            divisions.add(division.withCentroid(router, leaves[divisions.size()]));
        }
        List<Written> moved =
                engine.run(
                        "2/7: divide",
                        files.size(),
                        task -> move(round, files.get(task), task, crowded, divisions));
        return place(context, routed, router, new Divided(leaves, divisions, moved));
    }

    private static int[] tooLarge(long[] counts, long most) {
        int[] leaves = new int[counts.length];
        int count = 0;
        for (int leaf = 0; leaf < counts.length; leaf++) {
            if (counts[leaf] > most) {
                leaves[count++] = leaf;
            }
        }
        return Arrays.copyOf(leaves, count);
    }

    private static Crowded plan(BuildContext context, ShardSizes sizes, int segment, long rows) {
        TableShape table = context.table();
        long rowBytes = (long) table.dimensions() * table.elementType().bytes();
        long byBytes = SAMPLE_BYTES / (rowBytes * RouterStage.SAMPLES_PER_LEAF);
        long wished = Math.min(sizes.parts(rows), Math.min(MOST_CLUSTERS, byBytes));
        int clusters = (int) Math.max(2, wished);
        double share = Math.min(1, (double) clusters * RouterStage.SAMPLES_PER_LEAF / rows);
        return new Crowded(segment, rows, clusters, share);
    }

    /** Divisions of all leaves. */
    private static List<Division> divisions(
            Round round, BuildEngine engine, List<FileEntry> files, ArrayList<Crowded> crowded) {
        if (round.number() == ROUNDS) {
            return crowded.stream().map(leaf -> Division.even(leaf.rows(), round.sizes())).toList();
        }
        List<FileEntry> samples =
                engine
                        .run(
                                "2/7: sample of large leaves",
                                files.size(),
                                task -> sample(round, files.get(task), task, crowded))
                        .stream()
                        .map(Written::file)
                        .filter(file -> file != null)
                        .toList();
        return engine.run(
                "2/7: cluster large leaves",
                crowded.size(),
                leaf -> cluster(round, samples, leaf, crowded.get(leaf)));
    }

    private static Division cluster(
            Round round, List<FileEntry> samples, int segment, Crowded leaf) {
        BuildContext context = round.context();
        RowBuffer rows = new RowBuffer(RowCodec.of(context.table()));
        for (FileEntry file : samples) {
            try (SegmentFile segments = context.segments(file)) {
                segments.forEach(segment, segment + 1, (s, bytes) -> rows.add(bytes));
            }
        }
        if (rows.size() == 0) {
            return Division.even(leaf.rows(), round.sizes());
        }
        Clusters clusters = RouterStage.cluster(context, rows, leaf.clusters());
        return Division.of(clusters, leaf.clusters(), leaf.rows(), round.sizes());
    }

    private static boolean hasRows(SegmentFile file, List<Crowded> crowded) {
        return crowded.stream().anyMatch(leaf -> !file.isEmpty(leaf.segment()));
    }

    /** Writes the sample of each leaf that is in a file. */
    private static Written sample(Round round, FileEntry file, int task, List<Crowded> crowded) {
        int[] counts = new int[crowded.size()];
        try (SegmentFile in = round.context().segments(file)) {
            if (!hasRows(in, crowded)) {
                return new Written(null, counts);
            }
            try (SegmentWriter out = round.writer("divide-sample", task, counts.length)) {
                for (int i = 0; i < counts.length; i++) {
                    int leaf = i;
                    Crowded of = crowded.get(i);
                    if (in.isEmpty(of.segment())) {
                        out.addEmpty();
                    }
                    in.forEach(
                            of.segment(),
                            of.segment() + 1,
                            (s, bytes) -> counts[leaf] = sample(round, bytes, of.share(), out));
                }
                return new Written(out.finish(), counts);
            }
        }
    }

    private static int sample(Round round, ByteBuffer bytes, double share, SegmentWriter out) {
        BuildContext context = round.context();
        RowCodec codec = RowCodec.of(context.table());
        IdBlockBuilder decoded = new IdBlockBuilder(codec.idType());
        VectorBlock vectors = codec.decode(bytes, decoded);
        IdBlock ids = decoded.build();
        int[] rows = new int[vectors.size()];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            long hash = Sampling.hash(ids, vectors, i);
            // Calibration queries shape nothing.
            if (round.draw(hash) < share && !context.sampling().isCalibration(hash)) {
                rows[count++] = i;
            }
        }
        out.add(codec.encode(ids, vectors, rows, 0, count));
        return count;
    }

    /** Writes the rows of the divided leaves that are in a file, a segment for each part. */
    private static Written move(
            Round round,
            FileEntry file,
            int task,
            List<Crowded> crowded,
            List<Division> divisions) {
        int[] counts = new int[divisions.stream().mapToInt(Division::parts).sum()];
        try (SegmentFile in = round.context().segments(file)) {
            if (!hasRows(in, crowded)) {
                return new Written(null, counts);
            }
            try (SegmentWriter out = round.writer("divide", task, counts.length)) {
                int first = 0;
                for (int i = 0; i < divisions.size(); i++) {
                    Division division = divisions.get(i);
                    int segment = crowded.get(i).segment();
                    for (int p = 0; p < division.parts() && in.isEmpty(segment); p++) {
                        out.addEmpty();
                    }
                    int at = first;
                    in.forEach(
                            segment,
                            segment + 1,
                            (s, bytes) -> {
                                int[] sizes = move(round, bytes, division, out);
                                System.arraycopy(sizes, 0, counts, at, sizes.length);
                            });
                    first += division.parts();
                }
                return new Written(out.finish(), counts);
            }
        }
    }

    private static int[] move(Round round, ByteBuffer bytes, Division division, SegmentWriter out) {
        BuildContext context = round.context();
        RowCodec codec = RowCodec.of(context.table());
        IdBlockBuilder decoded = new IdBlockBuilder(codec.idType());
        VectorBlock vectors = codec.decode(bytes, decoded);
        IdBlock ids = decoded.build();
        int[] parts =
                division.partsOf(
                        context.space(), vectors, i -> round.draw(Sampling.idHash(ids, i)));
        Buckets buckets = Buckets.of(parts, division.parts());
        for (int p = 0; p < division.parts(); p++) {
            if (buckets.size(p) == 0) {
                out.addEmpty();
            } else {
                int end = buckets.start(p + 1);
                out.add(codec.encode(ids, vectors, buckets.rows(), buckets.start(p), end));
            }
        }
        return buckets.sizes();
    }

    /** What a round did: leaves, ascending, their divisions, and what tasks wrote. */
    private record Divided(int[] leaves, List<Division> divisions, List<Written> moved) {
        long[] counts() {
            long[] counts = new long[moved.get(0).counts().length];
            for (Written part : moved) {
                for (int p = 0; p < counts.length; p++) {
                    counts[p] += part.counts()[p];
                }
            }
            return counts;
        }

        List<FileEntry> files() {
            return moved.stream().map(Written::file).filter(file -> file != null).toList();
        }
    }

    /** Puts the parts that have rows in the places of their leaves. */
    private static RouteStage.Routed place(
            BuildContext context, RouteStage.Routed routed, Router router, Divided divided) {
        int d = router.dimensions();
        long[] partCounts = divided.counts();
        int[] partLeaves = new int[partCounts.length];
        int kept = (int) Arrays.stream(partCounts).filter(count -> count > 0).count();
        int total = router.leafCount() - divided.leaves().length + kept;
        float[] centroids = new float[total * d];
        long[] counts = new long[total];
        int[] starts = new int[router.leafCount() + 1];
        int[] numbers = new int[router.leafCount()];
        int next = 0;
        int part = 0;
        int done = 0;
        for (int leaf = 0; leaf < router.leafCount(); leaf++) {
            starts[leaf] = next;
            if (done == divided.leaves().length || divided.leaves()[done] != leaf) {
                System.arraycopy(router.leafCentroids(), leaf * d, centroids, next * d, d);
                counts[next] = routed.counts()[leaf];
                numbers[leaf] = next++;
                continue;
            }
            numbers[leaf] = LeafCatalogue.NO_LEAF;
            Division division = divided.divisions().get(done++);
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
        LeafCatalogue.Layer layer = new LeafCatalogue.Layer(divided.files(), partLeaves);
        return new RouteStage.Routed(
                RouterStaging.write(context, router.withLeaves(starts, centroids)),
                routed.leaves().divided(numbers, layer),
                counts);
    }
}
