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
 * checksum, and so has every entry of the directory: who wants few of many segments reads few of
 * the entries.
 *
 * <p>An entry: u64 end of the segment; u32 CRC32C of the segment; u32 CRC32C of the entry's number
 * (u32) and the 12 bytes before. For one thread.
 */
final class SegmentFile implements Closeable {
    static final int ENTRY_BYTES = 16;

    private static final int CHECKED_BYTES = 12;

    private final SpnFile file;
    private final SpnSection segments;
    private final SpnSection directory;
    private ByteBuffer entries = ByteBuffer.allocate(0);
    private int firstEntry;

    private SegmentFile(SpnFile file) {
        this.file = file;
        this.segments = file.section(SectionType.STAGING_SEGMENTS);
        this.directory = file.section(SectionType.STAGING_DIRECTORY);
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
        return (int) (directory.length() / ENTRY_BYTES);
    }

    boolean isEmpty(int segment) {
        return end(segment) == end(segment - 1);
    }

    /** Bytes of segments {@code [from, to)}. */
    long length(int from, int to) {
        return end(to - 1) - end(from - 1);
    }

    private long end(int segment) {
        return segment < 0 ? 0 : entries(segment).getLong(at(segment));
    }

    /** The entries that have been read, this one among them. */
    private ByteBuffer entries(int segment) {
        if (!holds(segment)) {
            readEntries(0, count());
        }
        return entries;
    }

    private boolean holds(int segment) {
        int at = segment - firstEntry;
        return at >= 0 && at < entries.capacity() / ENTRY_BYTES;
    }

    private int at(int segment) {
        return (segment - firstEntry) * ENTRY_BYTES;
    }

    /** Reads the entries of segments {@code [from, to)}. */
    private void readEntries(int from, int to) {
        byte[] bytes = new byte[(to - from) * ENTRY_BYTES];
        long offset = (long) from * ENTRY_BYTES;
        file.readRange(directory, offset, bytes, 0, bytes.length);
        for (int i = 0; i < to - from; i++) {
            int start = i * ENTRY_BYTES;
            ByteBuffer entry =
                    ByteBuffer.wrap(bytes, start, ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (entry.getInt(start + CHECKED_BYTES) != checksum(from + i, bytes, start)) {
                throw new CorruptIndexException(
                        file.name(),
                        directory.name(),
                        directory.offset() + offset + start,
                        "wrong CRC32C");
            }
        }
        entries = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        firstEntry = from;
    }

    /** The checksum of an entry, which another one in its place does not have. */
    static int checksum(int segment, byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(segment >>> shift & 0xFF);
        }
        crc.update(bytes, offset, CHECKED_BYTES);
        return (int) crc.getValue();
    }

    /**
     * Reads segments {@code [from, to)} with one read and passes the ones that are not empty on, in
     * order.
     */
    void forEach(int from, int to, Consumer consumer) {
        if (from < to && !(holds(Math.max(0, from - 1)) && holds(to - 1))) {
            readEntries(Math.max(0, from - 1), to);
        }
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
        if ((int) crc.getValue() != entries(segment).getInt(at(segment) + Long.BYTES)) {
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
