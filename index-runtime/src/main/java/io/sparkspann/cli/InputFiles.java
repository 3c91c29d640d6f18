package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.file.NeighborFile;
import io.sparkspann.vector.file.Neighbors;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Opens the files that a user names, with an error that helps if that cannot be. */
final class InputFiles {
    private InputFiles() {}

    /**
     * Opens vectors.
     *
     * @param format null to tell it by the name of the file
     * @param dataset of an HDF5 file
     */
    static VectorFile vectors(Path file, VectorFormat format, String dataset) {
        VectorFormat known = format == null ? formatOf(file) : format;
        return VectorFiles.open(open(file), known, dataset);
    }

    /** Reads ground truth. */
    static Neighbors groundTruth(Path file, VectorFormat format, String dataset) {
        VectorFormat known = format == null ? formatOf(file) : format;
        return NeighborFile.read(open(file), known, dataset);
    }

    private static VectorFormat formatOf(Path file) {
        requireFile(file);
        String name = String.valueOf(file.getFileName());
        if (name.toLowerCase(Locale.ROOT).endsWith(".parquet")) {
            throw new InvalidInputException(
                    file
                            + ": spann does not read Parquet; 'spark-spann build' and 'spark-spann"
                            + " join' do");
        }
        return VectorFormat.ofFileName(name)
                .orElseThrow(
                        () ->
                                new InvalidInputException(
                                        file
                                                + ": the name does not tell the format; add"
                                                + " --format, one of "
                                                + formats()));
    }

    private static String formats() {
        return Arrays.stream(VectorFormat.values())
                .map(VectorFormat::label)
                .collect(Collectors.joining(", "));
    }

    private static FileBytes open(Path file) {
        requireFile(file);
        if (Files.exists(file) && !Files.isReadable(file)) {
            throw new InvalidInputException(file + ": no permission to read it");
        }
        return FileBytes.open(file);
    }

    private static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(
                    file
                            + ": is a directory; name one vector file ('spark-spann build' reads"
                            + " tables of many files)");
        }
    }
}
