package io.sparkspann.build;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnFile;
import io.sparkspann.format.SpnSection;
import io.sparkspann.storage.Storage;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A file of byte segments, one for each receiver of what a task made: the blocks in which vectors
 * travel between stages. Receivers read consecutive segments in one go. Every segment has a
 * checksum.
 */
final class SegmentFile implements Closeable {
    static final int ENTRY_BYTES = 12;

    private final SpnFile file;
    private final SpnSection segments;
    private final ByteBuffer directory;

    private SegmentFile(SpnFile file) {
        this.file = file;
        this.segments = file.section(SectionType.STAGING_SEGMENTS);
        this.directory =
                ByteBuffer.wrap(file.read(SectionType.STAGING_DIRECTORY))
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    static SegmentFile open(Storage storage, FileEntry entry, ContentId contentId) {
        SpnFile file = SpnFile.open(storage, entry, contentId, 0);
        try {
            return new SegmentFile(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    int count() {
        return directory.capacity() / ENTRY_BYTES;
    }

    boolean isEmpty(int segment) {
        return end(segment) == end(segment - 1);
    }

    /** Bytes of segments {@code [from, to)}. */
    long length(int from, int to) {
        return end(to - 1) - end(from - 1);
    }

    private long end(int segment) {
        return segment < 0 ? 0 : directory.getLong(segment * ENTRY_BYTES);
    }

    /**
     * Reads segments {@code [from, to)} with one read and passes the ones that are not empty on, in
     * order.
     */
    void forEach(int from, int to, Consumer consumer) {
        long start = end(from - 1);
        int length = Math.toIntExact(end(to - 1) - start);
        if (length == 0) {
            return;
        }
        byte[] bytes = new byte[length];
        file.readRange(segments, start, bytes, 0, length);
        for (int s = from; s < to; s++) {
            int offset = (int) (end(s - 1) - start);
            int size = (int) (end(s) - end(s - 1));
            if (size > 0) {
                check(s, bytes, offset, size);
                consumer.accept(
                        s,
                        ByteBuffer.wrap(bytes, offset, size)
                                .slice()
                                .order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    /** Takes one segment. */
    @FunctionalInterface
    interface Consumer {
        void accept(int segment, ByteBuffer bytes);
    }

    private void check(int segment, byte[] bytes, int offset, int size) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, size);
        if ((int) crc.getValue() != directory.getInt(segment * ENTRY_BYTES + Long.BYTES)) {
            throw new CorruptIndexException(
                    file.name(),
                    segments.name(),
                    segments.offset() + end(segment - 1),
                    "wrong CRC32C");
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
