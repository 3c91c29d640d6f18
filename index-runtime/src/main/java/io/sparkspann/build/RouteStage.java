package io.sparkspann.build;

import io.sparkspann.cluster.Router;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import io.sparkspann.vector.VectorBlock;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;

/**
 * Stage 2: every vector goes to its nearest router leaf. A task writes the rows of its split sorted
 * by leaf, so that whoever needs a run of leaves, a shard, reads one stretch of each file.
 */
final class RouteStage {
    private RouteStage() {}

    /**
     * What a split was routed to.
     *
     * @param file a segment of rows for each leaf
     * @param counts rows of each leaf
     * @param ids a segment of ids for each bucket of the duplicate check; null if there is none
     */
    record Split(FileEntry file, int[] counts, FileEntry ids) implements Serializable {}

    static List<Split> run(
            BuildContext context, BuildEngine engine, FileEntry routerFile, int idBuckets) {
        return engine.mapInput(
                "2/7: route",
                (split, batches) -> {
                    Router router = RouterStaging.read(context, routerFile);
                    RowBuffer rows = new RowBuffer(RowCodec.of(context.table()));
                    collect(batches, rows);
                    return route(context, router, rows, "route", split, idBuckets);
                });
    }

    private static void collect(Iterator<VectorBatch> batches, RowBuffer rows) {
        while (batches.hasNext()) {
            VectorBatch batch = batches.next();
            rows.add(batch.ids(), batch.vectors(), RowOrder.identity(batch.size()));
        }
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
        return route(context, top, rows, "sample", task, 0);
    }

    private static Split route(
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
        return new Split(file, buckets.sizes(), idFile);
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
}
