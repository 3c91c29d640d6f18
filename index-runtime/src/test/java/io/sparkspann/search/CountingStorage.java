package io.sparkspann.search;

import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the reads of another storage. */
final class CountingStorage implements Storage {
    private final Storage storage;
    private final AtomicLong reads = new AtomicLong();

    CountingStorage(Storage storage) {
        this.storage = storage;
    }

    long reads() {
        return reads.get();
    }

    @Override
    public String location() {
        return storage.location();
    }

    @Override
    public List<String> list(String folder) {
        return storage.list(folder);
    }

    @Override
    public boolean exists(String path) {
        return storage.exists(path);
    }

    @Override
    public ByteSource open(String path) {
        ByteSource source = storage.open(path);
        return new ByteSource() {
            @Override
            public String name() {
                return source.name();
            }

            @Override
            public long length() {
                return source.length();
            }

            @Override
            public void readFully(long position, byte[] target, int offset, int length) {
                reads.incrementAndGet();
                source.readFully(position, target, offset, length);
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }

    @Override
    public OutputStream create(String path) {
        return storage.create(path);
    }

    @Override
    public Put putIfAbsent(String path, byte[] content) {
        return storage.putIfAbsent(path, content);
    }

    @Override
    public void delete(String path) {
        storage.delete(path);
    }
}
