package io.sparkspann.format;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The first 64 bytes of an index file; their layout is the same in all versions of the format. */
final class ContainerHeader {
    private static final String SECTION = "header";

    private ContainerHeader() {}

    static byte[] encode(FileHeader header) {
        byte[] bytes = new byte[Layout.HEADER_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(0, Layout.MAGIC);
        buffer.putShort(Layout.KIND_AT, (short) header.kind().code());
        buffer.putShort(Layout.MAJOR_AT, (short) Layout.MAJOR);
        buffer.putShort(Layout.MINOR_AT, (short) Layout.MINOR);
        buffer.put(Layout.CONTENT_ID_AT, header.contentId().bytes());
        buffer.putInt(Layout.SHARD_AT, header.shard());
        buffer.putInt(Layout.HEADER_CRC_AT, crc(bytes));
        return bytes;
    }

    /** Checks that the header is whole, of a version that this reader knows, and that of the {@code expected} file. */
    static void check(String file, byte[] bytes, FileHeader expected) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getLong(0) != Layout.MAGIC) {
            throw corrupt(file, 0, "it does not begin with SPNFILE1, so it is no index file");
        }
        int stored = buffer.getInt(Layout.HEADER_CRC_AT);
        int crc = crc(bytes);
        if (stored != crc) {
            throw corrupt(
                    file,
                    Layout.HEADER_CRC_AT,
                    "CRC32C is " + Layout.hex(crc) + ", expected " + Layout.hex(stored));
        }
        int major = Short.toUnsignedInt(buffer.getShort(Layout.MAJOR_AT));
        if (major > Layout.MAJOR) {
            int minor = Short.toUnsignedInt(buffer.getShort(Layout.MINOR_AT));
            throw new UnsupportedFormatException(
                    file + ": format version " + new FormatVersion(major, minor) + " is newer than "
                            + FormatVersion.CURRENT + ", the newest that this version reads; use a newer spark-spann");
        }
        if (major == 0) {
            throw corrupt(file, Layout.MAJOR_AT, "format version 0 does not exist");
        }
        checkIdentity(file, buffer, expected);
    }

    private static void checkIdentity(String file, ByteBuffer buffer, FileHeader expected) {
        int kind = Short.toUnsignedInt(buffer.getShort(Layout.KIND_AT));
        if (kind != expected.kind().code()) {
            throw corrupt(
                    file,
                    Layout.KIND_AT,
                    "it is a file of kind " + FileKind.describe(kind) + ", expected " + expected.kind().label());
        }
        byte[] id = new byte[ContentId.BYTES];
        buffer.get(Layout.CONTENT_ID_AT, id);
        ByteBuffer halves = ByteBuffer.wrap(id);
        ContentId contentId = new ContentId(halves.getLong(), halves.getLong());
        if (!contentId.equals(expected.contentId())) {
            throw corrupt(
                    file,
                    Layout.CONTENT_ID_AT,
                    "it belongs to another index, content id " + contentId + ", expected " + expected.contentId());
        }
        long shard = Integer.toUnsignedLong(buffer.getInt(Layout.SHARD_AT));
        if (shard != expected.shard()) {
            throw corrupt(
                    file, Layout.SHARD_AT, "it belongs to shard " + shard + ", expected shard " + expected.shard());
        }
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, Layout.HEADER_CRC_AT);
        return (int) crc.getValue();
    }

    private static CorruptIndexException corrupt(String file, long offset, String problem) {
        return new CorruptIndexException(file, SECTION, offset, problem);
    }
}
