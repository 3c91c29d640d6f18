package io.sparkspann.format;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Numbers of the container of index files; FORMAT.md explains them. */
final class Layout {
    static final int MAJOR = 1;
    static final int MINOR = 1;

    static final long MAGIC = asLong("SPNFILE1");
    static final int HEADER_BYTES = 64;
    static final int KIND_AT = 8;
    static final int MAJOR_AT = 10;
    static final int MINOR_AT = 12;
    static final int CONTENT_ID_AT = 16;
    static final int SHARD_AT = 32;
    static final int HEADER_CRC_AT = 60;

    static final int ALIGNMENT = 64;

    static final int ENTRY_BYTES = 32;
    static final int MAX_SECTIONS = 1024;
    static final int FLAG_REQUIRED = 1;

    static final long END_MAGIC = asLong("SPNEND01");
    static final int FOOTER_BYTES = 32;
    static final int FOOTER_LENGTH_AT = 8;
    static final int FOOTER_COUNT_AT = 16;
    static final int FOOTER_CRC_AT = 20;
    static final int FOOTER_MAGIC_AT = 24;

    private Layout() {}

    /** Bytes of zeros that follow a section of this length. */
    static int padding(long length) {
        return (int) (-length & (ALIGNMENT - 1));
    }

    static String hex(int crc) {
        return String.format(Locale.ROOT, "%08x", crc);
    }

    private static long asLong(String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = value << 8 | bytes[i];
        }
        return value;
    }
}
