package io.sparkspann.vector;

import io.sparkspann.error.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;

/**
 * A file of the local file system. Java closes a channel when a thread that reads it is
 * interrupted; the file is then opened anew, for other threads go on reading it.
 */
public final class FileBytes implements ByteSource {
    private final Path path;
    private final String name;
    private final long length;
    private volatile FileChannel channel;
    private volatile boolean closed;

    private FileBytes(Path path, String name, FileChannel channel, long length) {
        this.path = path;
        this.name = name;
        this.channel = channel;
        this.length = length;
    }

    /**
     * @throws StorageException if the file does not exist or cannot be read
     */
    public static FileBytes open(Path path) {
        return open(path, path.toString());
    }

    /**
     * Opens {@code path} under another name for messages, such as its path in an index directory.
     *
     * @throws StorageException if the file does not exist or cannot be read
     */
    public static FileBytes open(Path path, String name) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            return new FileBytes(path, name, channel, channel.size());
        } catch (NoSuchFileException e) {
            throw new StorageException(path + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new StorageException(
                    path
                            + ": permission denied: it cannot be read; change the permissions, or"
                            + " run as a user who has them",
                    e);
        } catch (IOException e) {
            closeAfter(channel, e);
            throw new StorageException(path + ": cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void closeAfter(FileChannel channel, IOException failure) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
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

    /** The channel, for memory mapping. */
    public FileChannel channel() {
        return channel;
    }

    /**
     * @throws CancellationException if the thread is interrupted; it stays so
     */
    @Override
    public void readFully(long position, byte[] target, int offset, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        try {
            long at = position;
            while (buffer.hasRemaining()) {
                int read = read(buffer, at);
                if (read < 0) {
                    throw new EOFException("it ends at byte " + at);
                }
                at += read;
            }
        } catch (IOException e) {
            throw new StorageException(
                    name
                            + ": cannot read "
                            + length
                            + " bytes at "
                            + position
                            + ": "
                            + (e.getMessage() == null ? "it is closed" : e.getMessage()),
                    e);
        }
    }

    private int read(ByteBuffer buffer, long at) throws IOException {
        while (true) {
            FileChannel current = channel;
            try {
                return current.read(buffer, at);
            } catch (ClosedByInterruptException e) {
                reopen(current);
                CancellationException cancelled =
                        new CancellationException(name + ": a read was interrupted");
                cancelled.initCause(e);
                throw cancelled;
            } catch (ClosedChannelException e) {
                // By the interrupt of another thread, unless the owner closed it.
                if (closed) {
                    throw e;
                }
                reopen(current);
            }
        }
    }

    private synchronized void reopen(FileChannel broken) throws IOException {
        if (!closed && channel == broken) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException(name + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
