package io.sparkspann.spark.jobs;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.storage.FileSystems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The folder that a join writes. It holds the whole result in the end, or what it held before.
 *
 * <p>A new folder is written in place, since Spark shows the files of a job when all are complete.
 * A result that replaces another is written to a hidden folder beside it, which takes its place
 * when it is complete; in object stores this move is a copy. For one thread; {@link #interrupted}
 * and {@link #cleanUp} are for another one, which ends the JVM.
 */
final class JoinOutput implements Interruption.Job {
    private static final Pattern OF_SPARK =
            Pattern.compile(
                    "part-.*|.*\\.parquet|_SUCCESS|_metadata|_common_metadata"
                            + "|_committed_.*|_started_.*|\\..*\\.crc");

    private static final String UNFINISHED = "_temporary";

    private enum State {
        PREPARED,
        WRITING,
        MOVING,
        WRITTEN,
        /** What was written is to be deleted. */
        FAILED,
        /** Nothing was written. */
        REFUSED
    }

    private final FileSystem fileSystem;
    private final String location;
    private final Path folder;
    private final Path staging;
    private final AtomicReference<State> state = new AtomicReference<>(State.PREPARED);

    private JoinOutput(FileSystem fileSystem, String location, Path folder, Path staging) {
        this.fileSystem = fileSystem;
        this.location = location;
        this.folder = folder;
        this.staging = staging;
    }

    /**
     * Looks at what is there.
     *
     * @param overwrite whether the result may replace another one
     * @throws InvalidInputException if it must not be written there
     */
    static JoinOutput of(Configuration conf, String uri, boolean overwrite) throws IOException {
        FileSystem fileSystem = FileSystems.of(uri, conf);
        Path folder = fileSystem.makeQualified(new Path(uri));
        String location = Redaction.redact(uri);
        Path staging = folder;
        if (fileSystem.exists(folder)) {
            requireReplaceable(fileSystem, folder, location, overwrite);
            String name = "." + folder.getName() + "." + UUID.randomUUID();
            staging = new Path(folder.getParent(), name);
        }
        requireWritable(fileSystem, staging, location);
        return new JoinOutput(fileSystem, location, folder, staging);
    }

    private static void requireReplaceable(
            FileSystem fileSystem, Path folder, String location, boolean overwrite)
            throws IOException {
        if (!fileSystem.getFileStatus(folder).isDirectory()) {
            throw refused(location + ": is a file; give --output a folder");
        }
        if (folder.getParent() == null) {
            throw refused(location + ": is the root of a file system; use a folder in it");
        }
        FileStatus[] found = fileSystem.listStatus(folder);
        if (found.length > 0 && !overwrite) {
            throw refused(
                    found.length == 1 && found[0].getPath().getName().equals(UNFINISHED)
                            ? location
                                    + ": holds the unfinished output of a job that runs or died;"
                                    + " use --mode overwrite if it died, or another folder"
                            : location
                                    + ": exists already; use --mode overwrite, or another folder");
        }
        requireOfSpark(location, found);
    }

    /** Finds out before the work rather than after it. */
    private static void requireWritable(FileSystem fileSystem, Path staging, String location) {
        String problem = "no folder can be made there";
        IOException cause = null;
        try {
            if (fileSystem.mkdirs(staging) && fileSystem.delete(staging, false)) {
                return;
            }
        } catch (IOException e) {
            problem = Redaction.redact(e.getMessage());
            cause = e;
        }
        throw new StorageException(
                location + ": cannot be written: " + problem + "; give --output another folder",
                cause);
    }

    private static InvalidInputException refused(String message) {
        return new InvalidInputException(message);
    }

    private static void requireOfSpark(String location, FileStatus[] found) {
        List<String> foreign = new ArrayList<>();
        for (FileStatus status : found) {
            String name = status.getPath().getName();
            boolean ofSpark =
                    status.isDirectory()
                            ? name.equals(UNFINISHED)
                            : OF_SPARK.matcher(name).matches();
            if (!ofSpark) {
                foreign.add(name);
            }
        }
        if (!foreign.isEmpty()) {
            throw refused(
                    location
                            + ": holds '"
                            + foreign.get(0)
                            + "'"
                            + (foreign.size() > 1 ? " and " + (foreign.size() - 1) + " more" : "")
                            + ", which no join wrote; give --output another folder, or move that"
                            + " away");
        }
    }

    /**
     * Computes the rows and writes them; on failure, what was written is deleted.
     *
     * @throws InvalidInputException if somebody else has written there meanwhile
     * @throws StorageException if the complete result cannot take its place
     */
    void write(Dataset<Row> rows) throws Exception {
        if (fileSystem.exists(staging)) {
            throw refused(
                    location + ": another job has written here meanwhile; use another folder");
        }
        advance(State.PREPARED, State.WRITING);
        try {
            rows.write().mode(SaveMode.ErrorIfExists).parquet(staging.toString());
        } catch (Throwable e) {
            // Spark analyses before it writes, so what it then finds there is not of this job.
            State failed = e instanceof AnalysisException ? State.REFUSED : State.FAILED;
            if (state.compareAndSet(State.WRITING, failed) && failed == State.FAILED) {
                delete(e);
            }
            if (e instanceof Exception failure) {
                throw explained(failure);
            }
            throw e;
        }
        if (staging.equals(folder)) {
            advance(State.WRITING, State.WRITTEN);
        } else {
            advance(State.WRITING, State.MOVING);
            move();
            advance(State.MOVING, State.WRITTEN);
        }
    }

    private Exception explained(Exception failure) {
        Throwable root = SparkErrors.root(failure);
        if (!(root instanceof IOException) || SparkErrors.unwrap(failure).isPresent()) {
            return failure;
        }
        String problem = Redaction.redact(root.getMessage());
        String hint =
                problem.contains("No space left")
                        ? "; make room there, or in spark.local.dir, or use another folder"
                        : "";
        return new StorageException(location + ": cannot be written: " + problem + hint, failure);
    }

    private void advance(State from, State to) {
        if (!state.compareAndSet(from, to)) {
            throw new IllegalStateException("The JVM is ending");
        }
    }

    private void move() {
        Exception cause = null;
        try {
            if (fileSystem.exists(folder)) {
                requireOfSpark(location, fileSystem.listStatus(folder));
                fileSystem.delete(folder, true);
            }
            // A rename to a folder that is still there would move into it.
            if (!fileSystem.exists(folder) && fileSystem.rename(staging, folder)) {
                return;
            }
        } catch (IOException | InvalidInputException e) {
            cause = e;
        }
        throw new StorageException(
                location
                        + ": the result is complete but could not take its place; move it from "
                        + Redaction.redact(staging.toString())
                        + ": "
                        + (cause == null
                                ? "renaming failed"
                                : Redaction.redact(cause.getMessage())),
                cause);
    }

    private void delete(Throwable failure) {
        try {
            fileSystem.delete(staging, true);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public String interrupted() {
        if (state.compareAndSet(State.PREPARED, State.REFUSED)
                || state.compareAndSet(State.WRITING, State.FAILED)) {
            return "interrupted; nothing was written to " + location;
        }
        return switch (state.get()) {
            case MOVING ->
                    "interrupted while the complete result was moved: what is not in "
                            + location
                            + " is in "
                            + Redaction.redact(staging.toString());
            case WRITTEN -> "interrupted, but the result is complete in " + location;
            default -> "interrupted; nothing was written to " + location;
        };
    }

    @Override
    public void cleanUp() {
        if (state.get() == State.FAILED) {
            try {
                fileSystem.delete(staging, true);
            } catch (IOException e) {
                throw new StorageException(
                        Redaction.redact(staging.toString()) + ": cannot be deleted", e);
            }
        }
    }
}
