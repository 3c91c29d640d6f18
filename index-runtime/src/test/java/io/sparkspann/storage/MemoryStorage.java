package io.sparkspann.storage;

import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeMap;

/** An index directory in memory, for tests; files can be replaced, to damage them. Thread-safe. */
public final class MemoryStorage implements Storage {
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public synchronized List<String> list(String folder) {
        String prefix = folder.isEmpty() ? "" : StoragePath.check(folder) + "/";
        return files.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("/", 2)[0])
                .distinct()
                .toList();
    }

    @Override
    public synchronized boolean exists(String path) {
        return files.containsKey(StoragePath.check(path)) || !list(path).isEmpty();
    }

    @Override
    public ByteSource open(String path) {
        return new Source(path, bytes(path));
    }

    @Override
    public synchronized OutputStream create(String path) {
        add(path, new byte[0]);
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                replace(path, toByteArray());
            }
        };
    }

    @Override
    public synchronized Put putIfAbsent(String path, byte[] content) {
        if (files.containsKey(StoragePath.check(path))) {
            return Put.EXISTS;
        }
        add(path, content.clone());
        return Put.CREATED;
    }

    @Override
    public synchronized void delete(String path) {
        files.remove(StoragePath.check(path));
        files.keySet().removeIf(file -> file.startsWith(path + "/"));
    }

    /** The bytes of a file. */
    public synchronized byte[] bytes(String path) {
        byte[] content = files.get(StoragePath.check(path));
        if (content == null) {
            throw new StorageException("memory/" + path + ": no such file", null);
        }
        return content.clone();
    }

    /** Gives a file other bytes, as damage would. */
    public synchronized void replace(String path, byte[] content) {
        files.put(StoragePath.check(path), content.clone());
    }

    private void add(String path, byte[] content) {
        StoragePath.check(path);
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (files.containsKey(path.substring(0, slash))) {
                throw new StorageException("memory/" + path + ": below a file", null);
            }
        }
        if (files.putIfAbsent(path, content) != null) {
            throw new StorageException("memory/" + path + ": exists already", null);
        }
    }

    private static final class Source implements ByteSource {
        private final String name;
        private final byte[] content;

        private Source(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public void readFully(long position, byte[] target, int offset, int length) {
            if (position < 0 || position > content.length - length) {
                throw new StorageException(
                        name + ": ends before byte " + (position + length), null);
            }
            System.arraycopy(content, (int) position, target, offset, length);
        }

        @Override
        public void close() {
            // Nothing to release.
        }
    }
}
