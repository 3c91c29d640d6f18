package io.sparkspann.format;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.StorageException;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteRange;
import io.sparkspann.vector.ByteSource;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * An index file, open for reading. {@code open} has checked header, length, section table and
 * footer; each read of a whole section checks its CRC32C. Nothing is allocated that the true length
 * of the file does not justify.
 *
 * <p>Thread-safe as its source is. All damage is reported as {@link CorruptIndexException}.
 */
public final class SpnFile implements Closeable {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private final ByteSource source;
    private final ContainerTail tail;
    private final int crc32c;

    private SpnFile(ByteSource source, ContainerTail tail, int crc32c) {
        this.source = source;
        this.tail = tail;
        this.crc32c = crc32c;
    }

    /**
     * Opens a file that must be of this kind, content and shard. The caller closes {@code source}
     * if this fails.
     *
     * @throws CorruptIndexException if it is damaged, or another file
     * @throws io.sparkspann.error.UnsupportedFormatException if a newer version wrote it
     */
    public static SpnFile open(ByteSource source, FileKind kind, ContentId contentId, int shard) {
        int shortest = Layout.HEADER_BYTES + Layout.FOOTER_BYTES;
        if (source.length() < shortest) {
            throw new CorruptIndexException(
                    source.name(),
                    "header",
                    0,
                    "the file has "
                            + source.length()
                            + " bytes, less than header and footer ("
                            + shortest
                            + ")");
        }
        byte[] header = new byte[Layout.HEADER_BYTES];
        source.readFully(0, header, 0, header.length);
        ContainerHeader.check(source.name(), header, new FileHeader(kind, contentId, shard));
        ContainerTail tail = ContainerTail.read(source, header, kind);
        return new SpnFile(source, tail, tail.fileCrc(header));
    }

    /**
     * Opens a file that a manifest lists; also checks its length and checksum against the manifest
     * (the checksum of the file follows from those of its sections, without reading them).
     */
    public static SpnFile open(Storage storage, FileEntry entry, ContentId contentId, int shard) {
        ByteSource source = storage.open(entry.path());
        try {
            if (source.length() != entry.lengthBytes()) {
                throw new CorruptIndexException(
                        entry.path(),
                        "file",
                        source.length(),
                        "it has " + source.length() + " bytes, expected " + entry.lengthBytes());
            }
            SpnFile file = open(source, entry.kind(), contentId, shard);
            if (file.crc32c() != entry.crc32c()) {
                throw new CorruptIndexException(
                        entry.path(),
                        "file",
                        0,
                        "it is not the file of this snapshot: CRC32C is "
                                + Layout.hex(file.crc32c())
                                + ", expected "
                                + entry.crc32cHex());
            }
            return file;
        } catch (RuntimeException e) {
            try {
                source.close();
            } catch (StorageException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** Name for messages. */
    public String name() {
        return source.name();
    }

    /** The bytes of the file, for readers with their own checksums. */
    public ByteSource source() {
        return source;
    }

    /** CRC32C of the file, if its sections are what their checksums say. */
    public int crc32c() {
        return crc32c;
    }

    /** All sections, in file order. */
    public List<SpnSection> sections() {
        return tail.sections();
    }

    /** The section with this number, if there is one. */
    public Optional<SpnSection> find(int type) {
        return sections().stream().filter(section -> section.type() == type).findFirst();
    }

    /**
     * @throws CorruptIndexException if there is no such section
     */
    public SpnSection section(int type) {
        return find(type)
                .orElseThrow(
                        () ->
                                new CorruptIndexException(
                                        name(),
                                        SectionType.nameOf(tail.kind(), type),
                                        tail.offset(),
                                        "the section is missing"));
    }

    /**
     * @throws CorruptIndexException if there is no such section
     */
    public SpnSection section(SectionType type) {
        return section(type.code());
    }

    /** The whole section, checked. */
    public byte[] read(SpnSection section) {
        byte[] target = new byte[values(section, Byte.BYTES)];
        forEachChunk(
                section,
                (bytes, length, at) -> System.arraycopy(bytes, 0, target, (int) at, length));
        return target;
    }

    /** The whole section as numbers, checked; its length must be a multiple of their size. */
    public int[] readInts(SpnSection section) {
        int[] target = new int[values(section, Integer.BYTES)];
        forEachChunk(
                section,
                (bytes, length, at) ->
                        littleEndian(bytes, length)
                                .asIntBuffer()
                                .get(target, (int) (at / Integer.BYTES), length / Integer.BYTES));
        return target;
    }

    /** As {@link #readInts(SpnSection)}. */
    public long[] readLongs(SpnSection section) {
        long[] target = new long[values(section, Long.BYTES)];
        forEachChunk(
                section,
                (bytes, length, at) ->
                        littleEndian(bytes, length)
                                .asLongBuffer()
                                .get(target, (int) (at / Long.BYTES), length / Long.BYTES));
        return target;
    }

    /**
     * As {@link #readInts(SpnSection)}; any bit pattern is a float, so values may be NaN or
     * infinite.
     */
    public float[] readFloats(SpnSection section) {
        float[] target = new float[values(section, Float.BYTES)];
        forEachChunk(
                section,
                (bytes, length, at) ->
                        littleEndian(bytes, length)
                                .asFloatBuffer()
                                .get(target, (int) (at / Float.BYTES), length / Float.BYTES));
        return target;
    }

    public byte[] read(SectionType type) {
        return read(section(type));
    }

    public int[] readInts(SectionType type) {
        return readInts(section(type));
    }

    public long[] readLongs(SectionType type) {
        return readLongs(section(type));
    }

    public float[] readFloats(SectionType type) {
        return readFloats(section(type));
    }

    /**
     * Passes the section to {@code consumer} front to back, in pieces of {@value #CHUNK_BYTES}
     * bytes (the last one may be shorter). The checksum is known only at the end: do not rely on
     * what was passed before this returns.
     */
    public void forEachChunk(SpnSection section, ChunkConsumer consumer) {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, section.paddedLength())];
        CRC32C crc = new CRC32C();
        for (long at = 0; at < section.paddedLength(); at += chunk.length) {
            int n = (int) Math.min(chunk.length, section.paddedLength() - at);
            source.readFully(section.offset() + at, chunk, 0, n);
            crc.update(chunk, 0, n);
            int payload = (int) Math.min(n, section.length() - at);
            if (payload > 0) {
                consumer.accept(chunk, payload, at);
            }
        }
        if ((int) crc.getValue() != section.crc32c()) {
            throw corrupt(
                    section,
                    0,
                    "CRC32C is "
                            + Layout.hex((int) crc.getValue())
                            + ", expected "
                            + Layout.hex(section.crc32c()));
        }
    }

    /**
     * Reads {@code length} bytes from {@code relativeOffset} of the section to {@code
     * target[offset...]}, without a checksum: for data that carry their own.
     *
     * @throws CorruptIndexException if the range is not inside the section, for it comes from the
     *     index
     */
    public void readRange(
            SpnSection section, long relativeOffset, byte[] target, int offset, int length) {
        checkInside(section, relativeOffset, length);
        source.readFully(section.offset() + relativeOffset, target, offset, length);
    }

    /**
     * Reads ranges of the section, as {@link #readRange} does, all at once where that is faster.
     *
     * @param ranges with positions in the section; they do not overlap
     * @throws CorruptIndexException if one is not inside the section
     */
    public void readRanges(SpnSection section, List<ByteRange> ranges) {
        List<ByteRange> ofSource = new ArrayList<>();
        for (ByteRange range : ranges) {
            checkInside(section, range.position(), range.length());
            ofSource.add(range.shifted(section.offset()));
        }
        source.readFully(ofSource);
    }

    private void checkInside(SpnSection section, long relativeOffset, int length) {
        if (relativeOffset < 0 || length < 0 || relativeOffset > section.length() - length) {
            throw corrupt(
                    section,
                    0,
                    "bytes "
                            + relativeOffset
                            + " to +"
                            + length
                            + " are outside of its "
                            + section.length());
        }
    }

    /**
     * Checks the checksum and the padding of every section; {@code damage} gets one line for each
     * damage.
     */
    public void verify(Consumer<String> damage) {
        for (SpnSection section : sections()) {
            try {
                forEachChunk(section, (bytes, length, at) -> {});
                checkPadding(section);
            } catch (CorruptIndexException | StorageException e) {
                damage.accept(e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }

    private void checkPadding(SpnSection section) {
        byte[] padding = new byte[Layout.padding(section.length())];
        source.readFully(section.offset() + section.length(), padding, 0, padding.length);
        for (int i = 0; i < padding.length; i++) {
            if (padding[i] != 0) {
                throw corrupt(
                        section, section.length() + i, "padding is " + padding[i] + ", expected 0");
            }
        }
    }

    private int values(SpnSection section, int valueBytes) {
        if (section.length() % valueBytes != 0) {
            throw corrupt(
                    section,
                    0,
                    "length " + section.length() + " is not a multiple of " + valueBytes);
        }
        if (section.length() / valueBytes > MAX_ARRAY) {
            throw corrupt(
                    section,
                    0,
                    "length " + section.length() + " is too great to be read as one array");
        }
        return (int) (section.length() / valueBytes);
    }

    private CorruptIndexException corrupt(SpnSection section, long relativeOffset, String problem) {
        return new CorruptIndexException(
                name(), section.name(), section.offset() + relativeOffset, problem);
    }

    private static ByteBuffer littleEndian(byte[] bytes, int length) {
        return ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
