package io.sparkspann.spark.storage;

import io.sparkspann.storage.Storage;
import org.apache.hadoop.conf.Configuration;

/** Opens the storage of an index directory by its URI. */
public final class Storages {
    private Storages() {}

    /**
     * A {@link io.sparkspann.storage.LocalStorage} for a {@code file:} URI, else a {@link HadoopStorage}.
     *
     * @param uri directory, existing or not; without a scheme it is in the default file system
     * @throws io.sparkspann.error.StorageException if the file system cannot be reached
     */
    public static Storage open(String uri, Configuration conf) {
        HadoopStorage storage = HadoopStorage.of(uri, conf);
        return storage.isLocal() ? storage.local() : storage;
    }
}
