package io.sparkspann.storage;

import io.sparkspann.error.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A new local file, durable with its folder entry once {@code close} has returned. Not thread-safe, not buffered. */
final class LocalFileOutput extends OutputStream {
    private final Path path;
    private final FileChannel channel;
    private boolean damaged;
    private boolean closed;

    LocalFileOutput(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            damaged = true;
            throw LocalErrors.failed(path, "cannot be written", e);
        }
    }

    /** Fails as well after a failed write, so that nobody takes the file for complete. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (channel) {
            if (damaged) {
                throw new IOException("an earlier write failed");
            }
            channel.force(true);
        } catch (IOException e) {
            throw LocalErrors.failed(path, "cannot be completed", e);
        }
        try {
            LocalFolders.sync(path.getParent());
        } catch (IOException e) {
            throw new StorageException(
                    path + ": written, but its folder cannot be flushed to disk: " + LocalErrors.cause(e), e);
        }
    }
}
