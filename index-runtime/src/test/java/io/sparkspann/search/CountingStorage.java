package io.sparkspann.search;

import io.sparkspann.storage.ForwardingStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the reads of another storage. */
final class CountingStorage extends ForwardingStorage {
    private final AtomicLong reads = new AtomicLong();

    CountingStorage(Storage storage) {
        super(storage);
    }

    long reads() {
        return reads.get();
    }

    @Override
    public ByteSource open(String path) {
        ByteSource source = super.open(path);
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
}
