package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.SpannException;
import io.sparkspann.error.UnsupportedFormatException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that no writer writes, under checksums that fit. */
class SpnHostileTest {
    private static final long[] VALUES = {
        -1,
        0,
        1,
        31,
        32,
        63,
        64,
        65,
        127,
        128,
        1023,
        1024,
        1025,
        65_535,
        65_536,
        0x7FFF_FFFFL,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 63,
        Long.MIN_VALUE,
        -64,
        -32
    };
    private static final long MOST_ALLOCATED = 2 << 20;

    @Test
    void anyNumberInAnyFieldGivesATypedErrorOrTheTruth() {
        int length = SampleFile.bytes().length;
        int table = SampleFile.tableOffset(SampleFile.bytes());
        for (int at = 8; at < 60; at += 2) {
            tryAll(at, Short.BYTES);
        }
        for (int at = 8; at < 60; at += 4) {
            tryAll(at, Integer.BYTES);
        }
        for (int at = table; at < length - 8; at += 4) {
            tryAll(at, Integer.BYTES);
        }
        for (int at = table; at < length - 8; at += 8) {
            tryAll(at, Long.BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 63, 65, 128, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void sectionOffsetsMustLeaveNoGap(long offset) {
        assertThatThrownBy(() -> SampleFile.open(withEntry(0, 8, offset)))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("section table")
                .hasMessageContaining("expected 64");
    }

    @ParameterizedTest
    @ValueSource(
            longs = {-1, 0, 65, 84, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 63})
    void sectionLengthsMustFillTheFile(long length) {
        assertThatThrownBy(() -> SampleFile.open(withEntry(0, 16, length)))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("section table");
    }

    @Test
    void gapBeforeTheTableIsRefused() {
        byte[] bytes = withEntry(1, 16, 60);
        int last = SampleFile.tableOffset(bytes) + 2 * Layout.ENTRY_BYTES;
        SampleFile.littleEndian(bytes).putLong(last + 8, 192);
        assertThatThrownBy(() -> SampleFile.open(SampleFile.resealed(bytes)))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("sections end at byte 192, expected 256");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 383, 385, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void lengthMustBeTheTrueOne(long length) {
        byte[] bytes = SampleFile.bytes();
        int footer = bytes.length - Layout.FOOTER_BYTES;
        SampleFile.littleEndian(bytes).putLong(footer + Layout.FOOTER_LENGTH_AT, length);
        assertThatThrownBy(() -> SampleFile.open(SampleFile.resealed(bytes)))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("the file has 384 bytes, expected");
    }

    @Test
    void sectionListedTwiceIsRefused() {
        byte[] bytes = withEntry(1, 0, SectionType.POSTINGS_DIRECTORY.code());
        assertThatThrownBy(() -> SampleFile.open(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("section directory is listed twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4, 1025, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void sectionCountMustFit(int count) {
        byte[] bytes = SampleFile.bytes();
        int footer = bytes.length - Layout.FOOTER_BYTES;
        SampleFile.littleEndian(bytes).putInt(footer + Layout.FOOTER_COUNT_AT, count);
        assertThatThrownBy(() -> SampleFile.open(SampleFile.resealed(bytes)))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("footer");
    }

    @Test
    void unknownOptionalSectionIsSkipped() {
        try (SpnFile file = SampleFile.open(SampleFile.bytes())) {
            assertThat(file.section(SampleFile.UNKNOWN_SECTION).name()).isEqualTo("0x9999");
            assertThat(file.readInts(SectionType.POSTINGS_DIRECTORY))
                    .containsExactly(1, 2, 3, 4, 5);
        }
    }

    @Test
    void unknownRequiredSectionIsRefused() {
        assertThatThrownBy(
                        () ->
                                SampleFile.open(
                                        withEntry(2, 0, SampleFile.UNKNOWN_SECTION | 1L << 32)))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("section 0x9999 is required")
                .hasMessageContaining("format version 1.1");
    }

    @Test
    void sectionOfAnotherKindOfFileIsUnknown() {
        long type = SectionType.ROUTER_TREE.code() | 1L << 32;
        assertThatThrownBy(() -> SampleFile.open(withEntry(2, 0, type)))
                .isInstanceOf(UnsupportedFormatException.class);
    }

    @Test
    void newerMajorVersionIsRefusedByName() {
        byte[] bytes = SampleFile.bytes();
        SampleFile.littleEndian(bytes).putShort(Layout.MAJOR_AT, (short) 2);
        SampleFile.littleEndian(bytes).putShort(Layout.MINOR_AT, (short) 7);
        assertThatThrownBy(() -> SampleFile.open(SampleFile.resealed(bytes)))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("format version 2.7 is newer than 1.1");
    }

    @Test
    void newerMinorVersionWithItsFlagsAndReservedBytesIsRead() {
        byte[] bytes = SampleFile.bytes();
        ByteBuffer buffer = SampleFile.littleEndian(bytes);
        buffer.putShort(Layout.MINOR_AT, (short) 9);
        buffer.putInt(40, 77);
        int table = SampleFile.tableOffset(bytes);
        buffer.putInt(table + 4, 0x80000001);
        buffer.putInt(table + 28, 5);
        assertThat(SampleFile.damages(SampleFile.resealed(bytes))).isEmpty();
    }

    @Test
    void paddingUnderAFittingChecksumIsReportedByVerify() {
        // A length one less under the same checksum: the last byte of the section becomes padding.
        byte[] bytes = withEntry(0, 16, 16);
        assertThat(SampleFile.damages(bytes))
                .singleElement()
                .asString()
                .contains("section directory at byte 80 is damaged: padding is 5, expected 0");
    }

    private static void tryAll(int at, int bytesOfField) {
        for (long value : VALUES) {
            byte[] bytes = SampleFile.bytes();
            ByteBuffer buffer = SampleFile.littleEndian(bytes);
            switch (bytesOfField) {
                case Short.BYTES -> buffer.putShort(at, (short) value);
                case Integer.BYTES -> buffer.putInt(at, (int) value);
                default -> buffer.putLong(at, value);
            }
            SampleFile.resealed(bytes);
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
            try {
                readAll(bytes);
            } catch (SpannException e) {
                assertThat(e.getMessage()).doesNotContain("\n").contains(SampleFile.PATH);
            }
            long allocated =
                    thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(allocated).as("field at %d = %d", at, value).isLessThan(MOST_ALLOCATED);
        }
    }

    private static void readAll(byte[] bytes) {
        try (SpnFile file = SampleFile.open(bytes)) {
            for (SpnSection section : file.sections()) {
                assertThat(file.read(section)).hasSize((int) section.length());
            }
            file.verify(damage -> assertThat(damage).contains(SampleFile.PATH));
        }
    }

    private static byte[] withEntry(int entry, int field, long value) {
        byte[] bytes = SampleFile.bytes();
        int at = SampleFile.tableOffset(bytes) + entry * Layout.ENTRY_BYTES + field;
        if (field == 0) {
            SampleFile.littleEndian(bytes).putInt(at, (int) value);
            if (value >>> 32 != 0) {
                SampleFile.littleEndian(bytes).putInt(at + 4, (int) (value >>> 32));
            }
        } else {
            SampleFile.littleEndian(bytes).putLong(at, value);
        }
        return SampleFile.resealed(bytes);
    }
}
