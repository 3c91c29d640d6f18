package io.sparkspann.build;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileHeader;
import io.sparkspann.format.FileKind;
import io.sparkspann.storage.Storage;
import java.io.Serializable;
import java.util.Locale;
import java.util.UUID;

/**
 * What every task of a build knows. Immutable.
 *
 * @param opener opens the index directory, on whichever machine the task runs
 * @param options what the index is built with
 * @param table what the table is
 * @param folder folder of this build's files in the index directory
 * @param stagingId content id of the files that stages exchange
 * @param sampling which rows are sampled
 * @param scan what the scan found, empty before
 * @param budget memory of a task
 */
record BuildContext(
        IndexBuilder.StorageOpener opener,
        BuildOptions options,
        TableShape table,
        String folder,
        ContentId stagingId,
        Sampling sampling,
        ScanResult scan,
        MemoryBudget budget)
        implements Serializable {
    Storage storage() {
        return opener.open();
    }

    BuildContext withScan(ScanResult result) {
        return new BuildContext(
                opener, options, table, folder, stagingId, sampling, result, budget);
    }

    VectorSpace space() {
        return new VectorSpace(
                        options.metric(),
                        table.elementType(),
                        table.dimensions(),
                        scan.maxSquaredNorm())
                .quantized(table.quantization());
    }

    /** A name for a staging file that no other attempt of the task uses. */
    String stagingPath(String stage, int task) {
        return String.format(
                Locale.ROOT, "%s/staging/%s-%05d.%s.spn", folder, stage, task, attempt());
    }

    /** A name for a file of the index that no other attempt of the task uses. */
    String shardPath(int shard, FileKind kind) {
        return String.format(
                Locale.ROOT, "%s/shard-%05d-%s.%s.spn", folder, shard, kind.label(), attempt());
    }

    /** A name for the rows of a shard that no other attempt of the task uses. */
    String rowsPath(int shard) {
        return String.format(
                Locale.ROOT, "%s/shard-%05d-rows.%s.parquet", folder, shard, attempt());
    }

    String routerPath() {
        return String.format(Locale.ROOT, "%s/router.%s.spn", folder, attempt());
    }

    private static String attempt() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    FileHeader stagingHeader() {
        return new FileHeader(FileKind.STAGING, stagingId, 0);
    }

    FileHeader header(FileKind kind, int shard) {
        return new FileHeader(kind, scan.contentId(), shard);
    }

    SegmentFile segments(FileEntry entry) {
        return SegmentFile.open(storage(), entry, stagingId);
    }
}
