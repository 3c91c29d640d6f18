package io.sparkspann.spark.storage;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.storage.StoragePath;
import io.sparkspann.vector.ByteSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An index directory in any Hadoop file system: S3A, HDFS, ABFS.
 *
 * <p>{@link #putIfAbsent} needs a file system that can refuse a name that is taken: HDFS and Azure
 * rename, S3A (Hadoop 3.4.2 or newer) writes conditionally. Elsewhere it fails, unless {@code
 * spann.storage.single-writer} is set to true in the Hadoop configuration: the user's promise that
 * no two jobs write the index at once. A {@code file:} directory is written as {@link LocalStorage}
 * does. The content must be unique to its writer, so that a lost answer can be told from another
 * writer's file. Thread-safe.
 */
public final class HadoopStorage implements Storage {
    private final FileSystem fileSystem;
    private final Path root;
    private final String location;

    private HadoopStorage(FileSystem fileSystem, Path root) {
        this.fileSystem = fileSystem;
        this.root = root;
        this.location = Redaction.redact(root.toString());
    }

    /**
     * @param uri directory, existing or not; without a scheme it is in the default file system
     * @throws StorageException if the file system cannot be reached
     */
    public static HadoopStorage of(String uri, Configuration conf) {
        FileSystem fileSystem = FileSystems.of(uri, conf);
        return new HadoopStorage(fileSystem, fileSystem.makeQualified(new Path(uri)));
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public List<String> list(String folder) {
        try {
            List<String> names = new ArrayList<>();
            Path path = folder.isEmpty() ? root : resolve(folder);
            for (FileStatus status : fileSystem.listStatus(path)) {
                // The listing of a file is the file itself.
                if (!status.getPath().equals(path)) {
                    names.add(status.getPath().getName());
                }
            }
            names.sort(null);
            return names;
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw failure(folder, "cannot be listed", e);
        }
    }

    @Override
    public boolean exists(String path) {
        try {
            return fileSystem.exists(resolve(path));
        } catch (IOException e) {
            throw failure(path, "cannot be looked up", e);
        }
    }

    @Override
    public ByteSource open(String path) {
        return HadoopBytes.open(fileSystem, resolve(path), path, "random");
    }

    @Override
    public OutputStream create(String path) {
        Path target = resolve(path);
        try {
            return new HadoopOutput(
                    Redaction.redact(target.toString()),
                    fileSystem.createFile(target).recursive().overwrite(false).build());
        } catch (IOException e) {
            throw failure(path, "cannot be created", e);
        }
    }

    @Override
    public Put putIfAbsent(String path, byte[] content) {
        Path target = resolve(path);
        if (isLocal()) {
            return local().putIfAbsent(path, content);
        }
        try {
            if (fileSystem.exists(target)) {
                return Put.EXISTS;
            }
            return put(target, content);
        } catch (IOException e) {
            throw failure(path, "cannot be created", e);
        }
    }

    private Put put(Path target, byte[] content) throws IOException {
        try {
            AtomicPut.of(fileSystem, target).put(fileSystem, target, content);
            return Put.CREATED;
        } catch (IOException e) {
            // A refusal may be the answer to the client's own second attempt, so that the file
            // decides, not the error.
            if (!fileSystem.exists(target)) {
                throw e;
            }
            return AtomicPut.holds(fileSystem, target, content) ? Put.CREATED : Put.EXISTS;
        }
    }

    @Override
    public void delete(String path) {
        try {
            fileSystem.delete(resolve(path), true);
        } catch (IOException e) {
            throw failure(path, "cannot be deleted", e);
        }
    }

    /** Whether the directory is on a disk of this machine, or mounted like one. */
    boolean isLocal() {
        return "file".equals(fileSystem.getUri().getScheme());
    }

    /** The same directory without Hadoop. */
    LocalStorage local() {
        return LocalStorage.of(Paths.get(root.toUri().getPath()));
    }

    private Path resolve(String path) {
        return new Path(root, StoragePath.check(path));
    }

    private StorageException failure(String path, String what, IOException e) {
        return new StorageException(
                location + "/" + path + ": " + what + ": " + Redaction.redact(e.getMessage()), e);
    }
}
