package io.sparkspann.build;

import io.sparkspann.cluster.Router;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Stage 2: every vector goes to its nearest router leaf. A task writes the rows of its split sorted
 * by leaf, so that whoever needs a run of leaves, a shard, reads one stretch of each file.
 */
final class RouteStage {
    private RouteStage() {}

    /** Rows are routed and written in parts, so that a split of any size fits the memory. */
    static final long PART_BYTES = 32L << 20;

    /**
     * What the rows of a split were routed to.
     *
     * @param parts in no particular order
     * @param counts rows of each leaf
     * @param hash sum of the hashes of the rows
     */
    record Split(ArrayList<Part> parts, int[] counts, long hash)
            implements Serializable, TaskOutput {
        @Override
        public long writtenBytes() {
            return parts.stream().mapToLong(p -> TaskOutput.bytes(p.file(), p.ids())).sum();
        }
    }

    /**
     * Files of some rows of a split.
     *
     * @param file a segment of rows for each leaf
     * @param ids a segment of ids for each bucket of the duplicate check; null if there is none
     */
    record Part(FileEntry file, FileEntry ids) implements Serializable {}

    /**
     * Where the vectors went.
     *
     * @param router file of the router that they went by
     * @param leaves files with the rows of each of its leaves
     * @param counts rows of each leaf
     */
    record Routed(FileEntry router, LeafCatalogue leaves, long[] counts) implements Serializable {}

    static List<Split> run(
            BuildContext context, BuildEngine engine, FileEntry routerFile, int idBuckets) {
        return engine.mapInput(
                "2/7: route",
                (split, batches) -> route(context, routerFile, split, batches, idBuckets));
    }

    /**
     * The rows that were routed must be the ones that were scanned: a table that gives other rows
     * when it is read again would lose some and double others.
     */
    static void requireUnchanged(BuildContext context, List<Split> splits) {
        long rows = 0;
        long hash = 0;
        for (Split split : splits) {
            rows += Arrays.stream(split.counts()).asLongStream().sum();
            hash += split.hash();
        }
        if (!ScanStage.contentId(context, rows, hash).equals(context.scan().contentId())) {
            throw new InvalidInputException(
                    "The input has changed while the index was built: "
                            + context.scan().rows()
                            + " usable rows when it was read first, then "
                            + rows
                            + ", or other ids or components; build from data that nobody writes"
                            + " to");
        }
    }

    private static Split route(
            BuildContext context,
            FileEntry routerFile,
            int split,
            Iterator<VectorBatch> batches,
            int idBuckets) {
        Router router = RouterStaging.read(context, routerFile);
        RowCodec codec = RowCodec.of(context.table());
        long rowBytes = (long) codec.dimensions() * codec.elementType().bytes();
        Work work = new Work(context, router, "route", split, idBuckets);
        ArrayList<Part> parts = new ArrayList<>();
        int[] counts = new int[router.leafCount()];
        long hash = 0;
        RowBuffer rows = new RowBuffer(codec);
        while (batches.hasNext()) {
            VectorBatch batch = batches.next();
            for (int i = 0; i < batch.size(); i++) {
                hash += Sampling.hash(batch.ids(), batch.vectors(), i);
            }
            rows.add(batch.ids(), batch.vectors(), RowOrder.identity(batch.size()));
            if (rows.size() * rowBytes >= PART_BYTES) {
                parts.add(write(work, rows, counts));
                rows = new RowBuffer(codec);
            }
        }
        if (rows.size() > 0) {
            parts.add(write(work, rows, counts));
        }
        return new Split(parts, counts, hash);
    }

    /** Routes the sample of one split over the groups of the router's first level. */
    static Split routeSample(BuildContext context, Router top, FileEntry sample, int task) {
        RowBuffer rows = new RowBuffer(RowCodec.of(context.table()));
        try (SegmentFile segments = context.segments(sample)) {
            segments.forEach(
                    ScanStage.ROUTER_SEGMENT,
                    ScanStage.ROUTER_SEGMENT + 1,
                    (segment, bytes) -> rows.add(bytes));
        }
        int[] counts = new int[top.leafCount()];
        Part part = write(new Work(context, top, "sample", task, 0), rows, counts);
        return new Split(new ArrayList<>(List.of(part)), counts, 0);
    }

    /**
     * What a task routes with.
     *
     * @param stage name of the files
     * @param split number of the task
     * @param idBuckets buckets of the duplicate check, 0 for none
     */
    private record Work(
            BuildContext context, Router router, String stage, int split, int idBuckets) {}

    /** Writes rows by leaf, and counts them. */
    private static Part write(Work work, RowBuffer buffer, int[] counts) {
        BuildContext context = work.context();
        Router router = work.router();
        RowCodec codec = RowCodec.of(context.table());
        IdBlock ids = buffer.ids();
        VectorBlock vectors = buffer.takeVectors();
        int[] leaves = RouterStage.nearestLeaves(router, context.space(), vectors);
        Buckets buckets = Buckets.of(leaves, router.leafCount());
        FileEntry file;
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath(work.stage(), work.split()),
                        context.stagingHeader(),
                        router.leafCount())) {
            for (int leaf = 0; leaf < router.leafCount(); leaf++) {
                if (buckets.size(leaf) == 0) {
                    out.addEmpty();
                } else {
                    out.add(
                            codec.encode(
                                    ids,
                                    vectors,
                                    buckets.rows(),
                                    buckets.start(leaf),
                                    buckets.start(leaf + 1)));
                }
            }
            file = out.finish();
        }
        for (int leaf = 0; leaf < counts.length; leaf++) {
            counts[leaf] += buckets.size(leaf);
        }
        FileEntry idFile =
                work.idBuckets() == 0
                        ? null
                        : DuplicateStage.write(context, ids, work.split(), work.idBuckets());
        return new Part(file, idFile);
    }

    /** Rows of each leaf over all splits. */
    static long[] leafCounts(List<Split> splits, int leaves) {
        long[] counts = new long[leaves];
        for (Split split : splits) {
            for (int leaf = 0; leaf < leaves; leaf++) {
                counts[leaf] += split.counts()[leaf];
            }
        }
        return counts;
    }

    /** The parts of all splits. */
    static List<Part> parts(List<Split> splits) {
        return splits.stream().flatMap(split -> split.parts().stream()).toList();
    }
}
