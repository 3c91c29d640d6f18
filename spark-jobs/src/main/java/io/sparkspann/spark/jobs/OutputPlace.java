package io.sparkspann.spark.jobs;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder where a result is to lie, and what it held at first. Only the files that it held then
 * are ever deleted, by name, so nothing that another job put there is lost. For one thread.
 */
final class OutputPlace {
    private static final String SUCCESS = "_SUCCESS";

    private static final Pattern OF_SPARK =
            Pattern.compile(
                    "part-.*|.*\\.parquet|_SUCCESS|_metadata|_common_metadata"
                            + "|_committed_.*|_started_.*|\\..*\\.crc");

    private final FileSystem fileSystem;
    private final String location;
    private final Path folder;
    private final Map<Path, String> former;

    private OutputPlace(FileSystem fileSystem, String location, Path folder) throws IOException {
        this.fileSystem = fileSystem;
        this.location = location;
        this.folder = folder;
        this.former = files();
    }

    /**
     * Looks at what is there.
     *
     * @param location the folder, for people
     * @param overwrite whether the result may replace another one
     * @throws InvalidInputException if it must not be written there
     */
    static OutputPlace of(FileSystem fileSystem, String location, Path folder, boolean overwrite)
            throws IOException {
        OutputPlace place = new OutputPlace(fileSystem, location, folder);
        if (folder.getParent() == null) {
            throw place.refused("is the root of a file system; use a folder in it");
        }
        for (FileStatus found : list(fileSystem, folder)) {
            place.requireOfSpark(found);
        }
        if (!place.former.isEmpty() && !overwrite) {
            throw place.refused("exists already; use --mode overwrite, or another folder");
        }
        return place;
    }

    boolean holdsFormer() {
        return !former.isEmpty();
    }

    private void requireOfSpark(FileStatus found) {
        if (found.getPath().equals(folder)) {
            throw refused("is a file; give --output a folder");
        }
        String name = found.getPath().getName();
        if (found.isDirectory() || !OF_SPARK.matcher(name).matches()) {
            throw refused(
                    "holds '"
                            + name
                            + "', which no join wrote; give --output another folder, or"
                            + " move that away");
        }
    }

    private InvalidInputException refused(String problem) {
        return new InvalidInputException(location + ": " + problem);
    }

    /** What is in a folder; nothing if it does not exist. */
    static FileStatus[] list(FileSystem fileSystem, Path folder) throws IOException {
        try {
            return fileSystem.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /** What is there, with what changes when another job writes it. */
    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        for (FileStatus file : list(fileSystem, folder)) {
            files.put(file.getPath(), file.getLen() + " bytes of " + file.getModificationTime());
        }
        return files;
    }

    /**
     * Replaces what was there by a complete result, if it is still there.
     *
     * @param complete folder of the result in the same file system
     * @throws StorageException if that fails; says where the result is
     */
    void take(Path complete) {
        String where = "use or delete it: it is in " + Redaction.redact(complete.toString());
        Path inside = new Path(folder, complete.getName());
        try {
            requireUnchanged();
            removeFormer();
            boolean marked = fileSystem.delete(new Path(complete, SUCCESS), false);
            where = "move there what is still in " + Redaction.redact(complete.toString());
            boolean renamed = fileSystem.rename(complete, folder);
            // A folder that is renamed to one that is there moves into it.
            if (fileSystem.exists(inside)) {
                where = "use or delete it: it is in " + Redaction.redact(inside.toString());
                throw new IOException("another job has written there meanwhile");
            }
            if (!renamed) {
                throw new IOException("renaming failed");
            }
            if (marked) {
                fileSystem.create(new Path(folder, SUCCESS), false).close();
            }
        } catch (IOException e) {
            throw new StorageException(
                    location
                            + ": the complete result could not take its place: "
                            + Redaction.redact(e.getMessage())
                            + "; "
                            + where,
                    e);
        }
    }

    private void requireUnchanged() throws IOException {
        if (!files().equals(former)) {
            throw new IOException("another job has written there meanwhile");
        }
    }

    private void removeFormer() throws IOException {
        Path success = new Path(folder, SUCCESS);
        if (former.containsKey(success)) {
            fileSystem.delete(success, false);
        }
        for (Path file : former.keySet()) {
            fileSystem.delete(file, false);
        }
        // Refused if there is something else.
        fileSystem.delete(folder, false);
    }
}
