package io.sparkspann.storage;

import io.sparkspann.vector.ByteSource;
import java.io.OutputStream;
import java.util.List;

/** Another storage, for tests to change a part of. */
public class ForwardingStorage implements Storage {
    private final Storage storage;

    protected ForwardingStorage(Storage storage) {
        this.storage = storage;
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
        return storage.open(path);
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
