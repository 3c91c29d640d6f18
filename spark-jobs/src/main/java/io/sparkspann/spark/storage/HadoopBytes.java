package io.sparkspann.spark.storage;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.vector.ByteRange;
import io.sparkspann.vector.ByteSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of any Hadoop file system, read by position.
 *
 * <p>Thread-safe. Some file systems (S3A) serve one read of a stream at a time; open the file again
 * to read in parallel.
 */
public final class HadoopBytes implements ByteSource {
    private final String name;
    private final FSDataInputStream stream;
    private final long length;

    private HadoopBytes(String name, FSDataInputStream stream, long length) {
        this.name = name;
        this.stream = stream;
        this.length = length;
    }

    /**
     * Opens a file that will mostly be read from front to back, if in pieces.
     *
     * @throws StorageException if there is no such file or it cannot be read
     */
    public static HadoopBytes open(String uri, Configuration conf) {
        String name = Redaction.redact(uri);
        return open(FileSystems.of(uri, conf), new Path(uri), name, "adaptive");
    }

    /**
     * @param name the file's name in messages, without credentials
     * @param policy how it will be read, in Hadoop's words: {@code random} or {@code adaptive}
     */
    static HadoopBytes open(FileSystem fileSystem, Path path, String name, String policy) {
        try {
            FileStatus status = fileSystem.getFileStatus(path);
            if (status.isDirectory()) {
                throw new StorageException(name + ": is a folder, not a file", null);
            }
            FSDataInputStream stream =
                    fileSystem
                            .openFile(path)
                            .withFileStatus(status)
                            .opt("fs.option.openfile.read.policy", policy)
                            .build()
                            .get();
            return new HadoopBytes(name, stream, status.getLen());
        } catch (FileNotFoundException e) {
            throw new StorageException(name + ": no such file", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(name + ": interrupted while it was opened", e);
        } catch (IOException | ExecutionException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new StorageException(
                    name + ": cannot be opened: " + Redaction.redact(cause.getMessage()), cause);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int length) {
        try {
            stream.readFully(position, target, offset, length);
        } catch (IOException e) {
            String problem = Redaction.redact(e.getMessage());
            throw new StorageException(
                    name + ": cannot read " + length + " bytes at " + position + ": " + problem, e);
        }
    }

    @Override
    public void readFully(List<ByteRange> ranges) {
        if (ranges.size() <= 1) {
            // One range needs no copy.
            ByteSource.super.readFully(ranges);
            return;
        }
        try {
            RangeReads.read(stream, ranges);
        } catch (IOException e) {
            String problem = Redaction.redact(e.getMessage());
            throw new StorageException(
                    name
                            + ": cannot read "
                            + ranges.size()
                            + " ranges from "
                            + ranges.get(0).position()
                            + " on: "
                            + problem,
                    e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new StorageException(
                    name + ": cannot be closed: " + Redaction.redact(e.getMessage()), e);
        }
    }
}
