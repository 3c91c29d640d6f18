package io.sparkspann.vector;

import java.io.Closeable;
import java.util.List;

/**
 * Read access at any position to an immutable sequence of bytes: a local file, an object in S3, an
 * array.
 *
 * <p>Thread-safe. Failures are {@link io.sparkspann.error.StorageException}s that name the source.
 */
public interface ByteSource extends Closeable {
    /** Name for error messages, such as the path. */
    String name();

    /** Number of bytes. */
    long length();

    /**
     * Reads exactly {@code length} bytes from {@code position} to {@code target[offset...]}.
     *
     * @throws io.sparkspann.error.StorageException if the source ends before, or cannot be read
     */
    void readFully(long position, byte[] target, int offset, int length);

    /**
     * Reads ranges that do not overlap, all at once where that is faster.
     *
     * @throws io.sparkspann.error.StorageException if the source ends before one does, or one
     *     cannot be read
     */
    default void readFully(List<ByteRange> ranges) {
        for (ByteRange range : ranges) {
            readFully(range.position(), range.target(), range.offset(), range.length());
        }
    }

    @Override
    void close();
}
