package io.sparkspann.format;

import io.sparkspann.error.StorageException;
import io.sparkspann.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes one index file front to back: {@code begin}, writes, {@code end} for each section, then {@code finish}.
 * Closed without {@code finish} (after a failure, say) the file is removed. Numbers are written little-endian.
 *
 * <p>Not thread-safe. Memory: one buffer of {@value #BUFFER_BYTES} bytes.
 */
public final class SpnWriter implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Storage storage;
    private final String path;
    private final FileHeader header;
    private final byte[] headerBytes;
    private final OutputStream out;
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C fileCrc = new CRC32C();
    private final CRC32C sectionCrc = new CRC32C();
    private final List<SpnSection> sections = new ArrayList<>();
    private long drained;
    private int digested;
    private SpnSection open;
    private boolean failed;
    private boolean closed;

    private SpnWriter(Storage storage, String path, FileHeader header) {
        this.storage = storage;
        this.path = path;
        this.header = header;
        this.headerBytes = ContainerHeader.encode(header);
        this.out = storage.create(path);
    }

    /** Creates {@code path} and writes its header. */
    public static SpnWriter create(Storage storage, String path, FileHeader header) {
        SpnWriter writer = new SpnWriter(storage, path, header);
        writer.put(writer.headerBytes, 0, Layout.HEADER_BYTES);
        return writer;
    }

    /** Begins a section that readers of this version know and must understand. */
    public void begin(SectionType type) {
        if (type.kind() != header.kind()) {
            throw new IllegalArgumentException(type + " does not belong in a file of kind " + header.kind());
        }
        begin(type.code(), true);
    }

    /**
     * Begins a section.
     *
     * @param required whether a reader that does not know {@code sectionType} must refuse the file
     */
    public void begin(int sectionType, boolean required) {
        check(open == null, "the section before has not ended");
        check(sections.size() < Layout.MAX_SECTIONS, "it has " + Layout.MAX_SECTIONS + " sections already");
        for (SpnSection section : sections) {
            check(section.type() != sectionType, "it has section " + section.name() + " already");
        }
        digest();
        sectionCrc.reset();
        String name = SectionType.nameOf(header.kind(), sectionType);
        open = new SpnSection(sectionType, name, required, position(), 0, 0);
    }

    /** Writes {@code source[offset..offset+length)}. */
    public void write(byte[] source, int offset, int length) {
        inSection();
        put(source, offset, length);
    }

    /** Writes {@code values[offset..offset+length)}. */
    public void writeInts(int[] values, int offset, int length) {
        inSection();
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, room(Integer.BYTES));
            buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values, offset + done, n);
            buffer.position(buffer.position() + n * Integer.BYTES);
            done += n;
        }
    }

    /** Writes {@code values[offset..offset+length)}. */
    public void writeLongs(long[] values, int offset, int length) {
        inSection();
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, room(Long.BYTES));
            buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values, offset + done, n);
            buffer.position(buffer.position() + n * Long.BYTES);
            done += n;
        }
    }

    /** Writes {@code values[offset..offset+length)}. */
    public void writeFloats(float[] values, int offset, int length) {
        inSection();
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, room(Float.BYTES));
            buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values, offset + done, n);
            buffer.position(buffer.position() + n * Float.BYTES);
            done += n;
        }
    }

    public void writeInt(int value) {
        inSection();
        room(Integer.BYTES);
        buffer.putInt(value);
    }

    public void writeLong(long value) {
        inSection();
        room(Long.BYTES);
        buffer.putLong(value);
    }

    /** Bytes written so far, from the start of the file. */
    public long position() {
        return drained + buffer.position();
    }

    /** Bytes written so far, from the start of the open section. */
    public long sectionOffset() {
        inSection();
        return position() - open.offset();
    }

    /** Ends the section. */
    public void end() {
        inSection();
        long length = sectionOffset();
        put(new byte[Layout.ALIGNMENT], 0, Layout.padding(length));
        digest();
        int crc = (int) sectionCrc.getValue();
        sections.add(new SpnSection(open.type(), open.name(), open.required(), open.offset(), length, crc));
        open = null;
    }

    /** Completes the file; after this it is durable. */
    public FileEntry finish() {
        check(open == null, "section " + (open == null ? "" : open.name()) + " has not ended");
        check(!failed, "an earlier write failed");
        check(!closed, "it is closed");
        byte[] tail = ContainerTail.encode(headerBytes, sections, position());
        put(tail, 0, tail.length);
        drain();
        closed = true;
        closeStream();
        return new FileEntry(path, drained, (int) fileCrc.getValue(), header.kind());
    }

    /** Abandons and removes the file unless it is finished. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            closeStream();
        } finally {
            storage.delete(path);
        }
    }

    private void closeStream() {
        try {
            out.close();
        } catch (IOException e) {
            throw new StorageException(
                    storage.location() + "/" + path + ": cannot be completed: " + e.getMessage(), e);
        }
    }

    private void put(byte[] source, int offset, int length) {
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, room(1));
            buffer.put(source, offset + done, n);
            done += n;
        }
    }

    /** How many values of this size fit into the buffer now, at least one. */
    private int room(int valueBytes) {
        if (buffer.remaining() < valueBytes) {
            drain();
        }
        return buffer.remaining() / valueBytes;
    }

    private void digest() {
        fileCrc.update(bytes, digested, buffer.position() - digested);
        sectionCrc.update(bytes, digested, buffer.position() - digested);
        digested = buffer.position();
    }

    private void drain() {
        digest();
        failed = true;
        try {
            out.write(bytes, 0, buffer.position());
        } catch (IOException e) {
            throw new StorageException(
                    storage.location() + "/" + path + ": cannot be written: " + e.getMessage(), e);
        }
        failed = false;
        drained += buffer.position();
        digested = 0;
        buffer.clear();
    }

    private void inSection() {
        check(open != null, "no section is open");
    }

    private void check(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalStateException(path + ": " + problem);
        }
    }
}
