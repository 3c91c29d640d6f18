package io.sparkspann.build;

import io.sparkspann.cluster.Router;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Stage 2: every vector goes to its nearest router leaf. A task writes the rows of its split sorted
 * by leaf, so that whoever needs a run of leaves, a shard, reads one stretch of each file.
 */
final class RouteStage {
    private RouteStage() {}

    /** Rows are routed and written in parts, so that a split of any size fits the memory. */
    private static final long PART_BYTES = 32L << 20;

    /**
     * The parts of a split.
     *
     * @param parts in no particular order
     */
    record Split(ArrayList<Part> parts) implements Serializable {}

    /**
     * What some rows of a split were routed to.
     *
     * @param file a segment of rows for each leaf
     * @param counts rows of each leaf
     * @param ids a segment of ids for each bucket of the duplicate check; null if there is none
     */
    record Part(FileEntry file, int[] counts, FileEntry ids) implements Serializable {}

    static List<Part> run(
            BuildContext context, BuildEngine engine, FileEntry routerFile, int idBuckets) {
        return engine
                .mapInput(
                        "2/7: route",
                        (split, batches) -> route(context, routerFile, split, batches, idBuckets))
                .stream()
                .flatMap(split -> split.parts().stream())
                .toList();
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
        ArrayList<Part> parts = new ArrayList<>();
        RowBuffer rows = new RowBuffer(codec);
        while (batches.hasNext()) {
            VectorBatch batch = batches.next();
            rows.add(batch.ids(), batch.vectors(), RowOrder.identity(batch.size()));
            if (rows.size() * rowBytes >= PART_BYTES) {
                parts.add(route(context, router, rows, "route", split, idBuckets));
                rows = new RowBuffer(codec);
            }
        }
        if (rows.size() > 0) {
            parts.add(route(context, router, rows, "route", split, idBuckets));
        }
        return new Split(parts);
    }

    /** Routes the sample of one split over the groups of the router's first level. */
    static Part routeSample(BuildContext context, Router top, FileEntry sample, int task) {
        RowBuffer rows = new RowBuffer(RowCodec.of(context.table()));
        try (SegmentFile segments = context.segments(sample)) {
            segments.forEach(
                    ScanStage.ROUTER_SEGMENT,
                    ScanStage.ROUTER_SEGMENT + 1,
                    (segment, bytes) -> rows.add(bytes));
        }
        return route(context, top, rows, "sample", task, 0);
    }

    private static Part route(
            BuildContext context,
            Router router,
            RowBuffer buffer,
            String stage,
            int split,
            int idBuckets) {
        RowCodec codec = RowCodec.of(context.table());
        IdBlock ids = buffer.ids();
        VectorBlock vectors = buffer.takeVectors();
        int[] leaves = RouterStage.nearestLeaves(router, context.space(), vectors);
        Buckets buckets = Buckets.of(leaves, router.leafCount());
        FileEntry file;
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath(stage, split),
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
        FileEntry idFile =
                idBuckets == 0 ? null : DuplicateStage.write(context, ids, split, idBuckets);
        return new Part(file, buckets.sizes(), idFile);
    }

    /** Rows of each leaf over all splits. */
    static long[] leafCounts(List<Part> parts, int leaves) {
        long[] counts = new long[leaves];
        for (Part part : parts) {
            for (int leaf = 0; leaf < leaves; leaf++) {
                counts[leaf] += part.counts()[leaf];
            }
        }
        return counts;
    }
}
