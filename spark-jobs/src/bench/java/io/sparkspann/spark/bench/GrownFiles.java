package io.sparkspann.spark.bench;

import io.sparkspann.error.StorageException;
import io.sparkspann.vector.file.VectorFileWriter;
import io.sparkspann.vector.file.VectorFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Files of vectors grown from a base file; those that are there are used again. The base vectors
 * come first, so a size below theirs is a slice of them.
 */
final class GrownFiles {
    private static final int ROWS = 1 << 15;

    private final String base;
    private final Path folder;
    private final long seed;

    /**
     * @param folder for the files
     */
    GrownFiles(String base, Path folder, long seed) {
        this.base = base;
        this.folder = folder;
        this.seed = seed;
    }

    /** Vectors to be indexed. */
    Path vectors(long count) throws IOException {
        return file("vectors", count, () -> new Grower(DataFiles.all(base), seed));
    }

    /** Queries like the vectors, none of which is among them. */
    Path queries(long count) throws IOException {
        return file("queries", count, () -> new Grower(DataFiles.all(base), seed + 1));
    }

    private Path file(String kind, long count, Supplier<Grower> maker) throws IOException {
        VectorFormat format = DataFiles.format(base);
        Path file = folder.resolve(kind + "-" + count + "-seed-" + seed + "." + format.label());
        if (Files.exists(file)) {
            return file;
        }
        System.err.println("growing " + file);
        Grower grower = maker.get();
        boolean queries = kind.equals("queries");
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial));
        try (VectorFileWriter writer = new VectorFileWriter(out, format, partial.toString())) {
            for (long from = 0; from < count; from += ROWS) {
                int rows = (int) Math.min(ROWS, count - from);
                writer.append(queries ? grower.newRows(from, rows) : grower.rows(from, rows));
            }
        }
        try {
            return Files.move(partial, file);
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
