package io.sparkspann.format;

import io.sparkspann.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A small postings file of three sections, the damage one can do to it, and a reader of all it
 * holds.
 */
final class SampleFile {
    static final String PATH = "data/b/shard-00003-postings.spn";
    static final ContentId CONTENT_ID = ContentId.of(new byte[] {1, 2, 3});
    static final int SHARD = 3;
    static final int UNKNOWN_SECTION = 0x9999;
    static final int TABLE_ENTRIES = 3;

    private SampleFile() {}

    static byte[] bytes() {
        return bytes(new FileHeader(FileKind.POSTINGS, CONTENT_ID, SHARD), 1);
    }

    /** Equal arguments give equal bytes; files of another {@code content} have the same sizes. */
    static byte[] bytes(FileHeader header, int content) {
        MemoryStorage storage = new MemoryStorage();
        write(storage, header, content);
        return storage.bytes(PATH);
    }

    static FileEntry write(MemoryStorage storage, FileHeader header, int content) {
        try (SpnWriter writer = SpnWriter.create(storage, PATH, header)) {
            writer.begin(SectionType.POSTINGS_DIRECTORY.code(), header.kind() == FileKind.POSTINGS);
            writer.writeInts(new int[] {content, 2, 3, 4, 5}, 0, 5);
            writer.end();
            writer.begin(SectionType.POSTINGS_RECORDS.code(), header.kind() == FileKind.POSTINGS);
            byte[] records = new byte[70];
            for (int i = 0; i < records.length; i++) {
                records[i] = (byte) (i * content);
            }
            writer.write(records, 0, records.length);
            writer.end();
            writer.begin(UNKNOWN_SECTION, false);
            writer.end();
            return writer.finish();
        }
    }

    static SpnFile open(byte[] bytes) {
        MemoryStorage storage = new MemoryStorage();
        storage.replace(PATH, bytes);
        return SpnFile.open(storage.open(PATH), FileKind.POSTINGS, CONTENT_ID, SHARD);
    }

    /** Opens the file, reads all of it, and returns what {@code verify} says. */
    static List<String> damages(byte[] bytes) {
        List<String> damages = new ArrayList<>();
        try (SpnFile file = open(bytes)) {
            file.verify(damages::add);
        }
        return damages;
    }

    static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int tableOffset(byte[] bytes) {
        return bytes.length - Layout.FOOTER_BYTES - TABLE_ENTRIES * Layout.ENTRY_BYTES;
    }

    /**
     * Makes the checksums of header and tail fit again, so that only validation can find a bad
     * number.
     */
    static byte[] resealed(byte[] bytes) {
        ByteBuffer buffer = littleEndian(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, Layout.HEADER_CRC_AT);
        buffer.putInt(Layout.HEADER_CRC_AT, (int) crc.getValue());
        int footerCrcAt = bytes.length - Layout.FOOTER_BYTES + Layout.FOOTER_CRC_AT;
        crc.reset();
        crc.update(bytes, 0, Layout.HEADER_CRC_AT);
        int table = tableOffset(bytes);
        crc.update(bytes, table, footerCrcAt - table);
        buffer.putInt(footerCrcAt, (int) crc.getValue());
        return bytes;
    }
}
