package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.FileEntry;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.VectorBlock;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds ids that occur twice: ids are spread over buckets by hash, and each bucket is sorted by a
 * task.
 */
final class DuplicateStage {
    private DuplicateStage() {}

    /** Buckets for this many rows: some million ids fit a task. */
    static int buckets(long rows) {
        return (int) Math.min(100_000, 1 + rows / 4_000_000);
    }

    private static RowCodec idCodec(BuildContext context) {
        return new RowCodec(context.table().idType(), ElementType.UINT8, 1);
    }

    static FileEntry write(BuildContext context, IdBlock ids, int split, int bucketCount) {
        int[] numbers = new int[ids.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (int) Long.remainderUnsigned(Sampling.idHash(ids, i), bucketCount);
        }
        Buckets buckets = Buckets.of(numbers, bucketCount);
        RowCodec codec = idCodec(context);
        VectorBlock none = VectorBlock.allocate(codec.elementType(), 1, ids.size());
        try (SegmentWriter out =
                new SegmentWriter(
                        context.storage(),
                        context.stagingPath("ids", split),
                        context.stagingHeader(),
                        bucketCount)) {
            for (int b = 0; b < bucketCount; b++) {
                out.add(
                        codec.encode(
                                ids, none, buckets.rows(), buckets.start(b), buckets.start(b + 1)));
            }
            return out.finish();
        }
    }

    /**
     * @throws InvalidInputException naming an id that occurs more than once
     */
    static void run(BuildContext context, BuildEngine engine, List<FileEntry> files, int buckets) {
        List<String> found =
                engine.run("2/7: ids", buckets, bucket -> duplicate(context, files, bucket));
        for (String id : found) {
            if (!id.isEmpty()) {
                throw new InvalidInputException(
                        source(engine)
                                + "id "
                                + id.substring(1)
                                + " occurs more than once; ids must be unique: keep one of the rows"
                                + " that have it");
            }
        }
    }

    /** The table or files, by the first rows of each split. */
    private static String source(BuildEngine engine) {
        List<String> sources =
                engine.mapInput(
                        "2/7: names",
                        (split, batches) -> batches.hasNext() ? batches.next().source() : "");
        return sources.stream()
                .filter(name -> !name.isEmpty())
                .distinct()
                .limit(3)
                .collect(Collectors.joining(", ", "", ": "));
    }

    /** An id of the bucket that occurs twice, after a mark, or an empty string. */
    private static String duplicate(BuildContext context, List<FileEntry> files, int bucket) {
        RowBuffer buffer = new RowBuffer(idCodec(context));
        for (FileEntry file : files) {
            try (SegmentFile segments = context.segments(file)) {
                segments.forEach(bucket, bucket + 1, (segment, bytes) -> buffer.add(bytes));
            }
        }
        IdBlock ids = buffer.ids();
        int[] sorted = RowOrder.byId(ids);
        for (int i = 1; i < sorted.length; i++) {
            if (ids.compare(sorted[i - 1], ids, sorted[i]) == 0) {
                return "=" + ids.text(sorted[i]);
            }
        }
        return "";
    }
}
