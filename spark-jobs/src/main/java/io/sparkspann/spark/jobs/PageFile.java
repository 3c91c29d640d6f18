package io.sparkspann.spark.jobs;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.storage.FileSystems;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file in any Hadoop file system that a command writes as a whole.
 *
 * @param location of the file, for people
 */
record PageFile(FileSystem fileSystem, Path path, String location, boolean overwrite) {
    /**
     * Looks at what is there, before the work rather than after it.
     *
     * @throws InvalidInputException if it must not be written there
     */
    static PageFile of(String uri, Configuration conf, boolean overwrite) {
        FileSystem found = FileSystems.of(uri, conf);
        // Without the files of checksums that Hadoop writes beside local ones.
        FileSystem fileSystem = found instanceof LocalFileSystem local ? local.getRaw() : found;
        Path path = fileSystem.makeQualified(new Path(uri));
        boolean local = found instanceof LocalFileSystem;
        String location = local ? path.toUri().getPath() : Redaction.redact(path.toString());
        PageFile file = new PageFile(fileSystem, path, location, overwrite);
        try {
            if (fileSystem.exists(path)) {
                if (fileSystem.getFileStatus(path).isDirectory()) {
                    throw file.refused("is a folder; give --output a file");
                }
                if (!overwrite) {
                    throw file.exists();
                }
            }
            return file;
        } catch (IOException e) {
            throw file.failure(e);
        }
    }

    /**
     * @throws StorageException if it cannot be written
     */
    void write(byte[] content) {
        try (OutputStream out = fileSystem.create(path, overwrite)) {
            out.write(content);
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private InvalidInputException exists() {
        return refused("exists already; use --mode overwrite, or another file");
    }

    private InvalidInputException refused(String problem) {
        return new InvalidInputException(location + ": " + problem);
    }

    private StorageException failure(IOException e) {
        return new StorageException(
                location
                        + ": cannot be written: "
                        + Redaction.redact(String.valueOf(e.getMessage()))
                        + "; give --output another file",
                e);
    }
}
