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
import java.util.stream.IntStream;

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
        int[] large = tooLarge(routed.counts(), sizes.most());
        int[] segments = routed.leaves().newestSegments(large);
        ArrayList<Crowded> crowded = new ArrayList<>();
        for (int i = 0; i < large.length; i++) {
            crowded.add(plan(context, sizes, segments[i], routed.counts()[large[i]]));
        }
        List<FileEntry> files = routed.leaves().newest().files();
        Router router = RouterStaging.read(context, routed.router());
        ArrayList<Division> divisions = new ArrayList<>();
        for (Division division : divisions(round, engine, files, crowded)) {
            divisions.add(division.withCentroid(router, large[divisions.size()]));
        }
        List<DividedLeaves.Moved> moved =
                engine.run(
                        "2/7: divide",
                        files.size(),
                        task -> move(round, files.get(task), task, crowded, divisions));
        return new DividedLeaves(large, divisions, moved).in(context, routed, router);
    }

    private static int[] tooLarge(long[] counts, long most) {
        return IntStream.range(0, counts.length).filter(leaf -> counts[leaf] > most).toArray();
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

    /** Writes the sample of each leaf that is in a file; null if there are no rows of any. */
    private static FileEntry sample(Round round, FileEntry file, int task, List<Crowded> crowded) {
        try (SegmentFile in = round.context().segments(file)) {
            if (!hasRows(in, crowded)) {
                return null;
            }
            try (SegmentWriter out = round.writer("divide-sample", task, crowded.size())) {
                for (Crowded leaf : crowded) {
                    int segment = leaf.segment();
                    if (in.isEmpty(segment)) {
                        out.addEmpty();
                    }
                    in.forEach(
                            segment,
                            segment + 1,
                            (s, bytes) -> sample(round, bytes, leaf.share(), out));
                }
                return out.finish();
            }
        }
    }

    private static void sample(Round round, ByteBuffer bytes, double share, SegmentWriter out) {
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
    }

    /** Writes the rows of the divided leaves that are in a file, a segment for each part. */
    private static DividedLeaves.Moved move(
            Round round,
            FileEntry file,
            int task,
            List<Crowded> crowded,
            List<Division> divisions) {
        int[] counts = new int[divisions.stream().mapToInt(Division::parts).sum()];
        try (SegmentFile in = round.context().segments(file)) {
            if (!hasRows(in, crowded)) {
                return new DividedLeaves.Moved(null, counts);
            }
            try (SegmentWriter out = round.writer("divide", task, counts.length)) {
                int first = 0;
                for (int i = 0; i < divisions.size(); i++) {
                    Division division = divisions.get(i);
                    int parts = division.parts();
                    int segment = crowded.get(i).segment();
                    if (in.isEmpty(segment)) {
                        for (int p = 0; p < parts; p++) {
                            out.addEmpty();
                        }
                    }
                    int at = first;
                    in.forEach(
                            segment,
                            segment + 1,
                            (s, bytes) -> {
                                int[] sizes = move(round, bytes, division, out);
                                System.arraycopy(sizes, 0, counts, at, sizes.length);
                            });
                    first += parts;
                }
                return new DividedLeaves.Moved(out.finish(), counts);
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
        int count = division.parts();
        Buckets buckets = Buckets.of(parts, count);
        for (int p = 0; p < count; p++) {
            if (buckets.size(p) == 0) {
                out.addEmpty();
            } else {
                int end = buckets.start(p + 1);
                out.add(codec.encode(ids, vectors, buckets.rows(), buckets.start(p), end));
            }
        }
        return buckets.sizes();
    }
}
