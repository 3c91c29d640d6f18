package io.sparkspann.format;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.UnsupportedFormatException;
import io.sparkspann.vector.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The end of an index file: section table and footer.
 *
 * <p>Sections must follow each other without gap from the header to the table, so that no byte escapes the checksums.
 */
final class ContainerTail {
    private static final String FOOTER = "footer";
    private static final String TABLE = "section table";

    private final FileKind kind;
    private final List<SpnSection> sections;
    private final byte[] bytes;
    private final long offset;

    private ContainerTail(FileKind kind, List<SpnSection> sections, byte[] bytes, long offset) {
        this.kind = kind;
        this.sections = sections;
        this.bytes = bytes;
        this.offset = offset;
    }

    FileKind kind() {
        return kind;
    }

    /** The sections in file order. */
    List<SpnSection> sections() {
        return sections;
    }

    /** Where the table begins in the file. */
    long offset() {
        return offset;
    }

    /** CRC32C of the whole file, from the checksums of its sections. */
    int fileCrc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, header.length);
        int joined = (int) crc.getValue();
        for (SpnSection section : sections) {
            joined = Crc32cJoin.join(joined, section.crc32c(), section.paddedLength());
        }
        crc.reset();
        crc.update(bytes, 0, bytes.length);
        return Crc32cJoin.join(joined, (int) crc.getValue(), bytes.length);
    }

    static byte[] encode(byte[] header, List<SpnSection> sections, long tableOffset) {
        int length = sections.size() * Layout.ENTRY_BYTES + Layout.FOOTER_BYTES;
        ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (SpnSection section : sections) {
            tail.putInt(section.type());
            tail.putInt(section.required() ? Layout.FLAG_REQUIRED : 0);
            tail.putLong(section.offset());
            tail.putLong(section.length());
            tail.putInt(section.crc32c());
            tail.putInt(0);
        }
        int footer = tail.position();
        tail.putLong(tableOffset);
        tail.putLong(tableOffset + length);
        tail.putInt(sections.size());
        tail.putInt(crc(header, tail.array(), 0, footer + Layout.FOOTER_CRC_AT));
        tail.putLong(Layout.END_MAGIC);
        return tail.array();
    }

    /** Reads and checks table and footer; {@code header} has been checked before. */
    static ContainerTail read(ByteSource source, byte[] header, FileKind kind) {
        String file = source.name();
        long length = source.length();
        int longest = Layout.MAX_SECTIONS * Layout.ENTRY_BYTES + Layout.FOOTER_BYTES;
        int tailLength = (int) Math.min(length - Layout.HEADER_BYTES, longest);
        byte[] bytes = new byte[tailLength];
        source.readFully(length - tailLength, bytes, 0, tailLength);
        ByteBuffer tail = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int footer = tailLength - Layout.FOOTER_BYTES;
        int count = checkFooter(file, length, tail, footer);
        int table = footer - count * Layout.ENTRY_BYTES;
        int stored = tail.getInt(footer + Layout.FOOTER_CRC_AT);
        int crc = crc(header, bytes, table, footer + Layout.FOOTER_CRC_AT);
        if (stored != crc) {
            throw new CorruptIndexException(
                    file,
                    FOOTER,
                    length - Layout.FOOTER_BYTES + Layout.FOOTER_CRC_AT,
                    "CRC32C of header, table and footer is " + Layout.hex(crc) + ", expected " + Layout.hex(stored));
        }
        ByteBuffer rows = tail.slice(table, footer - table).order(ByteOrder.LITTLE_ENDIAN);
        List<SpnSection> sections = entries(file, kind, rows, length);
        byte[] tableAndFooter = Arrays.copyOfRange(bytes, table, bytes.length);
        return new ContainerTail(kind, sections, tableAndFooter, length - tableAndFooter.length);
    }

    /** Returns the number of sections. */
    private static int checkFooter(String file, long length, ByteBuffer tail, int footer) {
        long at = length - Layout.FOOTER_BYTES;
        if (tail.getLong(footer + Layout.FOOTER_MAGIC_AT) != Layout.END_MAGIC) {
            throw new CorruptIndexException(
                    file,
                    FOOTER,
                    at + Layout.FOOTER_MAGIC_AT,
                    "it does not end with SPNEND01: truncated, extended or never finished");
        }
        long storedLength = tail.getLong(footer + Layout.FOOTER_LENGTH_AT);
        if (storedLength != length) {
            throw new CorruptIndexException(
                    file,
                    FOOTER,
                    at + Layout.FOOTER_LENGTH_AT,
                    "the file has " + length + " bytes, expected " + Long.toUnsignedString(storedLength));
        }
        long count = Integer.toUnsignedLong(tail.getInt(footer + Layout.FOOTER_COUNT_AT));
        if (count > Layout.MAX_SECTIONS || count * Layout.ENTRY_BYTES > footer) {
            throw new CorruptIndexException(
                    file, FOOTER, at + Layout.FOOTER_COUNT_AT, count + " sections do not fit in the file");
        }
        long tableOffset = tail.getLong(footer);
        if (tableOffset != at - count * Layout.ENTRY_BYTES) {
            throw new CorruptIndexException(
                    file,
                    FOOTER,
                    at,
                    "the table begins at byte " + Long.toUnsignedString(tableOffset) + ", expected "
                            + (at - count * Layout.ENTRY_BYTES));
        }
        return (int) count;
    }

    private static List<SpnSection> entries(String file, FileKind kind, ByteBuffer table, long fileLength) {
        int count = table.remaining() / Layout.ENTRY_BYTES;
        long tableOffset = fileLength - Layout.FOOTER_BYTES - table.remaining();
        List<SpnSection> sections = new ArrayList<>(count);
        Set<Integer> types = new HashSet<>();
        long next = Layout.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            long at = tableOffset + (long) i * Layout.ENTRY_BYTES;
            SpnSection section = entry(kind, table);
            if (section.offset() != next) {
                throw corrupt(
                        file,
                        at,
                        "section " + section.name() + " begins at byte " + Long.toUnsignedString(section.offset())
                                + ", expected " + next);
            }
            if (section.length() < 0 || section.length() > tableOffset - next) {
                throw corrupt(
                        file,
                        at,
                        "section " + section.name() + " has " + Long.toUnsignedString(section.length())
                                + " bytes, more than the file");
            }
            if (!types.add(section.type())) {
                throw corrupt(file, at, "section " + section.name() + " is listed twice");
            }
            if (section.required() && SectionType.find(kind, section.type()).isEmpty()) {
                throw new UnsupportedFormatException(
                        file + ": section " + section.name() + " is required and not known to format version "
                                + FormatVersion.CURRENT + "; use a newer spark-spann");
            }
            next += section.paddedLength();
            sections.add(section);
        }
        if (next != tableOffset) {
            throw corrupt(file, tableOffset, "sections end at byte " + next + ", expected " + tableOffset);
        }
        return List.copyOf(sections);
    }

    private static SpnSection entry(FileKind kind, ByteBuffer table) {
        int type = table.getInt();
        boolean required = (table.getInt() & Layout.FLAG_REQUIRED) != 0;
        long offset = table.getLong();
        long length = table.getLong();
        int crc = table.getInt();
        table.getInt();
        return new SpnSection(type, SectionType.nameOf(kind, type), required, offset, length, crc);
    }

    private static CorruptIndexException corrupt(String file, long offset, String problem) {
        return new CorruptIndexException(file, TABLE, offset, problem);
    }

    /** CRC32C over the header and {@code tail[from..to)}: binds the sections to the identity in the header. */
    private static int crc(byte[] header, byte[] tail, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, header.length);
        crc.update(tail, from, to - from);
        return (int) crc.getValue();
    }
}
