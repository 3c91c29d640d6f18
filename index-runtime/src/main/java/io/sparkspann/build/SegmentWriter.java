package io.sparkspann.build;

import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileHeader;
import io.sparkspann.format.SectionType;
import io.sparkspann.format.SpnWriter;
import io.sparkspann.storage.Storage;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Writes a {@link SegmentFile}, segment after segment. One thread. */
final class SegmentWriter implements Closeable {
    private final SpnWriter out;
    private final ByteBuffer directory;

    SegmentWriter(Storage storage, String path, FileHeader header, int segments) {
        this.out = SpnWriter.create(storage, path, header);
        this.directory =
                ByteBuffer.allocate(Math.multiplyExact(segments, SegmentFile.ENTRY_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.begin(SectionType.STAGING_SEGMENTS);
    }

    /** Appends the next segment: the bytes of {@code content} up to its position. */
    void add(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.array(), 0, content.position());
        out.write(content.array(), 0, content.position());
        int segment = directory.position() / SegmentFile.ENTRY_BYTES;
        int start = directory.position();
        directory.putLong(out.sectionOffset()).putInt((int) crc.getValue());
        directory.putInt(SegmentFile.checksum(segment, directory.array(), start));
    }

    void addEmpty() {
        add(ByteBuffer.allocate(0));
    }

    FileEntry finish() {
        if (directory.hasRemaining()) {
            throw new IllegalStateException("Segments are missing");
        }
        out.end();
        out.begin(SectionType.STAGING_DIRECTORY);
        out.write(directory.array(), 0, directory.capacity());
        out.end();
        return out.finish();
    }

    @Override
    public void close() {
        out.close();
    }
}
