package io.sparkspann.build;

import io.sparkspann.error.StorageException;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A storage whose writes fail after a number of them, as when the disk is full. */
record FailingStorage(Storage target, AtomicInteger writesLeft) implements Storage {
    private void write(String path) {
        if (writesLeft.getAndDecrement() <= 0) {
            throw new StorageException(path + ": cannot be written: no space", null);
        }
    }

    @Override
    public String location() {
        return target.location();
    }

    @Override
    public List<String> list(String folder) {
        return target.list(folder);
    }

    @Override
    public boolean exists(String path) {
        return target.exists(path);
    }

    @Override
    public ByteSource open(String path) {
        return target.open(path);
    }

    @Override
    public OutputStream create(String path) {
        write(path);
        return target.create(path);
    }

    @Override
    public Put putIfAbsent(String path, byte[] content) {
        write(path);
        return target.putIfAbsent(path, content);
    }

    @Override
    public void delete(String path) {
        target.delete(path);
    }
}
