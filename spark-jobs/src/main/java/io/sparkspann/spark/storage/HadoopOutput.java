package io.sparkspann.spark.storage;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * Writes a file; its errors name the file, and {@code close} makes it durable where the file system
 * can.
 */
final class HadoopOutput extends OutputStream {
    private final String name;
    private final FSDataOutputStream out;
    private boolean closed;

    HadoopOutput(String name, FSDataOutputStream out) {
        this.name = name;
        this.out = out;
    }

    @Override
    public void write(int value) {
        try {
            out.write(value);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        try {
            out.write(source, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (FSDataOutputStream closing = out) {
            if (closing.hasCapability("hsync")) {
                closing.hsync();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private StorageException failure(IOException e) {
        return new StorageException(
                name + ": cannot be written: " + Redaction.redact(e.getMessage()), e);
    }
}
