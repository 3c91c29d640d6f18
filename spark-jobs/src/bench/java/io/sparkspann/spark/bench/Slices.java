package io.sparkspann.spark.bench;

import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.StorageException;
import io.sparkspann.search.BlockScan;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.TopK;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first vectors of a file, and the true neighbours among them, found by brute force. */
final class Slices {
    private static final int TRUTH = 100;
    private static final int ROWS = 1 << 14;

    private Slices() {}

    /**
     * Writes a file of the first rows unless it is there.
     *
     * @return the file itself if it has no more rows
     */
    static Path of(String file, long rows, Path folder) {
        try (VectorFile open = DataFiles.open(file)) {
            if (rows == 0 || rows >= open.size()) {
                return Path.of(file);
            }
            VectorFormat format = DataFiles.format(file);
            Path slice = folder.resolve("first-" + rows + "-of-" + Path.of(file).getFileName());
            if (!Files.exists(slice)) {
                write(
                        slice,
                        format,
                        writer -> {
                            for (long from = 0; from < rows; from += ROWS) {
                                writer.append(open.read(from, (int) Math.min(ROWS, rows - from)));
                            }
                        });
            }
            return slice;
        }
    }

    /** Writes the true neighbours of the queries among the base vectors unless they are there. */
    static Path truth(Path base, Path queries, Metric metric, Path folder) {
        Path truth =
                folder.resolve(
                        "truth-" + base.getFileName() + "-" + queries.getFileName() + ".ivecs");
        if (!Files.exists(truth)) {
            System.err.println("exact search for the ground truth of the slice");
            TopK top = exact(base, queries, metric);
            int[] ids = new int[top.queries() * top.k()];
            for (int q = 0; q < top.queries(); q++) {
                for (int r = 0; r < top.k(); r++) {
                    ids[q * top.k() + r] = (int) top.ordinal(q, r);
                }
            }
            write(truth, VectorFormat.IVECS, writer -> writer.append(top.k(), ids));
        }
        return truth;
    }

    private static TopK exact(Path base, Path queries, Metric metric) {
        VectorBlock queryBlock = DataFiles.all(queries.toString());
        try (VectorFile vectors = DataFiles.open(base.toString())) {
            VectorSpace space =
                    new VectorSpace(metric, vectors.elementType(), vectors.dimensions(), 0);
            int k = (int) Math.min(TRUTH, vectors.size());
            QueryRows rows = QueryRows.of(space, queryBlock);
            TopK top = new TopK(rows.size(), k, Long::compare);
            for (long from = 0; from < vectors.size(); from += ROWS) {
                int count = (int) Math.min(ROWS, vectors.size() - from);
                BlockScan.scan(rows, vectors.read(from, count), from, top);
            }
            return top;
        }
    }

    /** Fills a file. */
    @FunctionalInterface
    private interface Content {
        void write(VectorFileWriter writer);
    }

    /** Under another name first, so that a file which is there is whole. */
    private static void write(Path file, VectorFormat format, Content content) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial));
            try (VectorFileWriter writer = new VectorFileWriter(out, format, partial.toString())) {
                content.write(writer);
            }
            Files.move(partial, file);
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
