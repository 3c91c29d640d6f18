package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBatch;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Stage 1, first half: reads every row once, so that bad rows end the build early; counts, hashes
 * and samples.
 */
final class ScanStage {
    static final int ROUTER_SEGMENT = 0;
    static final int CALIBRATION_SEGMENT = 1;
    private static final int SEGMENTS = 2;

    private ScanStage() {}

    /** What the scan of a split found. */
    record Split(long rows, long skipped, long hash, float maxSquaredNorm, FileEntry samples)
            implements Serializable, TaskOutput {
        @Override
        public long writtenBytes() {
            return TaskOutput.bytes(samples);
        }
    }

    static ScanResult run(BuildContext context, BuildEngine engine) {
        List<Split> splits =
                engine.mapInput("1/7: scan", (split, batches) -> scan(context, split, batches));
        long rows = 0;
        long skipped = 0;
        long hash = 0;
        float maxSquaredNorm = 0;
        for (Split split : splits) {
            rows += split.rows();
            skipped += split.skipped();
            hash += split.hash();
            maxSquaredNorm = Math.max(maxSquaredNorm, split.maxSquaredNorm());
        }
        if (rows == 0) {
            throw new InvalidInputException(
                    "The input has no usable rows ("
                            + skipped
                            + " were skipped); nothing to build");
        }
        if (rows > 0xFFFF_FFFFL) {
            throw new InvalidInputException(
                    "The input has " + rows + " rows; an index holds at most 2^32 - 1");
        }
        ContentId contentId = contentId(context, rows, hash);
        List<FileEntry> samples = splits.stream().map(Split::samples).toList();
        return new ScanResult(rows, skipped, maxSquaredNorm, contentId, samples);
    }

    /** Identifies rows and options, whatever the order of the rows. */
    static ContentId contentId(BuildContext context, long rows, long hash) {
        TableShape table = context.table();
        String text =
                context.options().parameters()
                        + " "
                        + table.elementType().label()
                        + " "
                        + table.dimensions()
                        + " "
                        + table.idType().label()
                        + " "
                        + rows
                        + " "
                        + Long.toHexString(hash);
        return ContentId.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Split scan(BuildContext context, int split, Iterator<VectorBatch> batches) {
        RowCodec codec = RowCodec.of(context.table());
        RowBuffer router = new RowBuffer(codec);
        RowBuffer calibration = new RowBuffer(codec);
        long rows = 0;
        long skipped = 0;
        long hash = 0;
        double maxSquaredNorm = 0;
        while (batches.hasNext()) {
            VectorBatch batch = batches.next();
            rows += batch.size();
            skipped += batch.skippedRows();
            int[] routerRows = new int[batch.size()];
            int[] calibrationRows = new int[batch.size()];
            int routers = 0;
            int calibrations = 0;
            for (int i = 0; i < batch.size(); i++) {
                long rowHash = Sampling.hash(batch.ids(), batch.vectors(), i);
                hash += rowHash;
                maxSquaredNorm = Math.max(maxSquaredNorm, squaredNorm(context, batch, i));
                if (context.sampling().isCalibration(rowHash)) {
                    calibrationRows[calibrations++] = i;
                } else if (context.sampling().isRouterSample(rowHash)) {
                    routerRows[routers++] = i;
                }
            }
            router.add(batch.ids(), batch.vectors(), Arrays.copyOf(routerRows, routers));
            calibration.add(
                    batch.ids(), batch.vectors(), Arrays.copyOf(calibrationRows, calibrations));
        }
        FileEntry samples = write(context, split, codec, router, calibration);
        return new Split(rows, skipped, hash, (float) maxSquaredNorm, samples);
    }

    private static double squaredNorm(BuildContext context, VectorBatch batch, int row) {
        double sum = batch.vectors().squaredNorm(row);
        if (sum > Float.MAX_VALUE) {
            throw new InvalidInputException(
                    batch.source()
                            + (context.table().rowNumberIds() ? ": row " : ": the row with id ")
                            + batch.ids().text(row)
                            + " has a squared norm of "
                            + sum
                            + ", which float32 cannot hold; scale the vectors down");
        }
        return sum;
    }

    private static FileEntry write(
            BuildContext context,
            int split,
            RowCodec codec,
            RowBuffer router,
            RowBuffer calibration) {
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath("scan", split),
                        context.stagingHeader(),
                        SEGMENTS)) {
            out.add(encodeAll(codec, router));
            out.add(encodeAll(codec, calibration));
            return out.finish();
        }
    }

    private static ByteBuffer encodeAll(RowCodec codec, RowBuffer rows) {
        IdBlock ids = rows.ids();
        int[] all = new int[rows.size()];
        Arrays.setAll(all, i -> i);
        return codec.encode(ids, rows.takeVectors(), all, 0, all.length);
    }
}
