package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.file.NeighborFile;
import io.sparkspann.vector.file.TrueNeighbors;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Opens the files that a user names, with an error that helps if that cannot be. */
final class InputFiles {
    private InputFiles() {}

    /**
     * Opens vectors.
     *
     * @param format null to tell it by the name of the file
     * @param dataset of an HDF5 file
     */
    static VectorFile vectors(
            CommandSpec command, String file, VectorFormat format, String dataset) {
        ByteSource source = RootCommand.of(command).file(file);
        return VectorFiles.open(source, formatOf(source, file, format), dataset);
    }

    /** Reads ground truth. */
    static TrueNeighbors groundTruth(
            CommandSpec command, String file, VectorFormat format, String dataset) {
        ByteSource source = RootCommand.of(command).file(file);
        return NeighborFile.read(source, formatOf(source, file, format), dataset);
    }

    /**
     * The format that was given, else by the name of the file; closes the source if neither tells
     * it.
     */
    private static VectorFormat formatOf(ByteSource source, String file, VectorFormat given) {
        if (given != null) {
            return given;
        }
        try {
            return formatOf(file);
        } catch (InvalidInputException e) {
            source.close();
            throw e;
        }
    }

    private static VectorFormat formatOf(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (name.toLowerCase(Locale.ROOT).endsWith(".parquet")) {
            throw new InvalidInputException(
                    file
                            + ": this command does not read Parquet; 'spark-spann build' and"
                            + " 'spark-spann join' do");
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

    /** Opens a file on a local disk. */
    static FileBytes local(Path file) {
        requireFile(file);
        return FileBytes.open(file);
    }

    /** What changes when a file on a local disk is written again: its time. */
    static String state(Path file) {
        try {
            return "modified " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new StorageException(file + ": its time cannot be read: " + e.getMessage(), e);
        }
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
