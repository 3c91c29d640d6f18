package io.sparkspann.spark.plan;

import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.io.OutputStream;
import java.util.List;

/** Takes what is written to it and keeps nothing but the number of bytes. Not thread-safe. */
final class CountingStorage implements Storage {
    private long bytes;

    /** Bytes that have been written. */
    long bytes() {
        return bytes;
    }

    @Override
    public OutputStream create(String path) {
        return new OutputStream() {
            @Override
            public void write(int value) {
                bytes++;
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                bytes += length;
            }
        };
    }

    @Override
    public String location() {
        return "nowhere";
    }

    @Override
    public List<String> list(String folder) {
        return List.of();
    }

    @Override
    public boolean exists(String path) {
        return false;
    }

    @Override
    public ByteSource open(String path) {
        throw new UnsupportedOperationException("nothing was kept");
    }

    @Override
    public Put putIfAbsent(String path, byte[] content) {
        throw new UnsupportedOperationException("nothing is kept");
    }

    @Override
    public void delete(String path) {
        throw new UnsupportedOperationException("nothing was kept");
    }
}
