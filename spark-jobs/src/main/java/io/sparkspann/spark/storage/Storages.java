package io.sparkspann.spark.storage;

import io.sparkspann.error.StorageException;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import io.sparkspann.vector.FileBytes;
import java.nio.file.Paths;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens index directories and files by their URIs. */
public final class Storages {
    private Storages() {}

    /**
     * A {@link io.sparkspann.storage.LocalStorage} for a {@code file:} URI, else a {@link
     * HadoopStorage}.
     *
     * @param uri directory, existing or not; without a scheme it is in the default file system
     * @throws StorageException if the file system cannot be reached
     */
    public static Storage open(String uri, Configuration conf) {
        HadoopStorage storage = HadoopStorage.of(uri, conf);
        return storage.isLocal() ? storage.local() : storage;
    }

    /**
     * Opens one file: as {@link FileBytes} if its URI is one of {@code file:}, else as {@link
     * HadoopBytes}.
     *
     * @throws StorageException if there is no such file or it cannot be read
     */
    public static ByteSource openFile(String uri, Configuration conf) {
        FileSystem fileSystem = FileSystems.of(uri, conf);
        if ("file".equals(fileSystem.getUri().getScheme())) {
            Path path = fileSystem.makeQualified(new Path(uri));
            return FileBytes.open(Paths.get(path.toUri().getPath()));
        }
        return HadoopBytes.open(uri, conf);
    }
}
