package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.storage.MemoryStorage;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.Consumer;

/** One index file in memory, to be read back, damaged or forged; for tests of other packages. */
public final class SpnFixture {
    /** Numbers that no honest writer puts where a count or a position belongs. */
    public static final int[] HOSTILE = {
        -1, 0, 1, 2, 3, 1000, 65_536, 1 << 28, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1 << 31
    };

    private static final long MOST_ALLOCATED = 8 << 20;
    private static final String PATH = "data/x/file.spn";
    private static final ContentId CONTENT = ContentId.of(new byte[] {4, 2});

    private final MemoryStorage storage = new MemoryStorage();
    private final FileKind kind;
    private final int shard;

    public SpnFixture(FileKind kind, int shard, Consumer<SpnWriter> sections) {
        this.kind = kind;
        this.shard = shard;
        try (SpnWriter out =
                SpnWriter.create(storage, PATH, new FileHeader(kind, CONTENT, shard))) {
            sections.accept(out);
            out.finish();
        }
    }

    public byte[] bytes() {
        return storage.bytes(PATH);
    }

    public void replace(byte[] bytes) {
        storage.replace(PATH, bytes);
    }

    public SpnFile open() {
        return SpnFile.open(storage.open(PATH), kind, CONTENT, shard);
    }

    /** Those numbers, and the neighbours of the honest one. */
    public static int[] hostile(int honest) {
        int[] values = Arrays.copyOf(HOSTILE, HOSTILE.length + 2);
        values[HOSTILE.length] = honest - 1;
        values[HOSTILE.length + 1] = honest + 1;
        return values;
    }

    /** Writes a whole section of numbers. */
    public static void ints(SpnWriter out, SectionType type, int... values) {
        out.begin(type);
        out.writeInts(values, 0, values.length);
        out.end();
    }

    /** Writes a whole section of bytes. */
    public static void bytes(SpnWriter out, SectionType type, byte[] values) {
        out.begin(type);
        out.write(values, 0, values.length);
        out.end();
    }

    /**
     * Reads a forged file, which must go well or end in the one typed error, and must not allocate
     * what a number of the file says.
     *
     * @return whether the forgery was noticed
     */
    public boolean isRefused(String what, Consumer<SpnFile> reader) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = thread.getThreadAllocatedBytes(id);
        boolean refused = false;
        try (SpnFile file = open()) {
            reader.accept(file);
        } catch (CorruptIndexException e) {
            assertThat(e.getMessage()).doesNotContain("\n").contains(PATH);
            refused = true;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new AssertionError(what + " gives " + e, e);
        }
        long allocated = thread.getThreadAllocatedBytes(id) - before;
        assertThat(allocated).as(what).isLessThan(MOST_ALLOCATED);
        return refused;
    }
}
