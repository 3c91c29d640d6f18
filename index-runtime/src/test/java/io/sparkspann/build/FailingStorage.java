package io.sparkspann.build;

import io.sparkspann.error.StorageException;
import io.sparkspann.storage.ForwardingStorage;
import io.sparkspann.storage.Storage;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** A storage whose writes fail after a number of them, as when the disk is full. */
final class FailingStorage extends ForwardingStorage {
    private final AtomicInteger writesLeft;

    FailingStorage(Storage target, AtomicInteger writesLeft) {
        super(target);
        this.writesLeft = writesLeft;
    }

    private void write(String path) {
        if (writesLeft.getAndDecrement() <= 0) {
            throw new StorageException(path + ": cannot be written: no space", null);
        }
    }

    @Override
    public OutputStream create(String path) {
        write(path);
        return super.create(path);
    }

    @Override
    public Put putIfAbsent(String path, byte[] content) {
        write(path);
        return super.putIfAbsent(path, content);
    }
}
