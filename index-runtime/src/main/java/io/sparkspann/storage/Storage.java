package io.sparkspann.storage;

import io.sparkspann.vector.ByteSource;
import java.io.OutputStream;
import java.util.List;

/**
 * The files of one index directory, on a local disk, in HDFS or in an object store.
 *
 * <p>Paths are relative, separated by {@code /}, without empty parts, {@code .} or {@code ..}.
 * Files are immutable: they are created once, read and deleted, never changed or renamed.
 * Thread-safe. Failures are {@link io.sparkspann.error.StorageException}s that name the file.
 */
public interface Storage {
    /** Outcome of {@link #putIfAbsent}. */
    enum Put {
        /** This call created the file. */
        CREATED,
        /** A file of that name existed already; it was left alone. */
        EXISTS
    }

    /** Where the directory is, for messages; without credentials. */
    String location();

    /**
     * Names of the files and folders directly in {@code folder} ({@code ""} is the root); empty if
     * there is no such folder.
     */
    List<String> list(String folder);

    boolean exists(String path);

    /** Opens a file for reads at any position. */
    ByteSource open(String path);

    /**
     * Creates a file. It may be visible, incomplete, before the stream is closed, so its name must
     * be known to nobody until then; after {@code close} returns it is complete and durable.
     */
    OutputStream create(String path);

    /**
     * Creates a small file whole or not at all; of several writers exactly one gets {@link
     * Put#CREATED}. An answer that was lost on the way is resolved by reading the file back.
     */
    Put putIfAbsent(String path, byte[] content);

    /**
     * Removes the directory itself if it is empty and was missing when this object was made; does
     * nothing where directories need not be made, as in object stores.
     */
    default void removeIfUnused() {}

    /** Deletes a file, or a folder with all that is in it; does nothing if there is none. */
    void delete(String path);
}
