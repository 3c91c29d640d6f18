package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SpnRoundTripTest {
    private static final FileHeader HEADER =
            new FileHeader(FileKind.HEADS, SampleFile.CONTENT_ID, 12);

    private final MemoryStorage storage = new MemoryStorage();

    @Property(tries = 200)
    void sectionsOfAnyBytesComeBack(@ForAll @Size(max = 12) List<byte[]> sections) {
        storage.delete("f");
        FileEntry entry;
        try (SpnWriter writer = SpnWriter.create(storage, "f", HEADER)) {
            for (int i = 0; i < sections.size(); i++) {
                writer.begin(0x1000 + i, false);
                writer.write(sections.get(i), 0, sections.get(i).length);
                writer.end();
            }
            entry = writer.finish();
        }
        try (SpnFile file = SpnFile.open(storage, entry, HEADER.contentId(), HEADER.shard())) {
            assertThat(file.sections()).hasSameSizeAs(sections);
            for (int i = 0; i < sections.size(); i++) {
                SpnSection section = file.section(0x1000 + i);
                assertThat(section.offset() % 64).isZero();
                assertThat(file.read(section)).isEqualTo(sections.get(i));
            }
            List<String> damages = new ArrayList<>();
            file.verify(damages::add);
            assertThat(damages).isEmpty();
        }
    }

    @Property(tries = 100)
    void numbersComeBack(
            @ForAll int[] ints,
            @ForAll long[] longs,
            @ForAll float[] floats,
            @ForAll @IntRange(max = 300_000) int more) {
        // Longer than the buffer of the writer and the chunk of the reader, at odd alignment.
        int[] many = new int[more];
        Arrays.setAll(many, i -> i * 31);
        storage.delete("f");
        try (SpnWriter writer = SpnWriter.create(storage, "f", HEADER)) {
            writer.begin(1, false);
            writer.writeInts(ints, 0, ints.length);
            writer.writeInts(many, 0, many.length);
            writer.end();
            writer.begin(2, false);
            writer.writeLongs(longs, 0, longs.length);
            writer.end();
            writer.begin(3, false);
            writer.writeFloats(floats, 0, floats.length);
            writer.end();
            writer.finish();
        }
        try (SpnFile file =
                SpnFile.open(
                        storage.open("f"), HEADER.kind(), HEADER.contentId(), HEADER.shard())) {
            int[] read = file.readInts(file.section(1));
            assertThat(Arrays.copyOf(read, ints.length)).isEqualTo(ints);
            assertThat(Arrays.copyOfRange(read, ints.length, read.length)).isEqualTo(many);
            assertThat(file.readLongs(file.section(2))).isEqualTo(longs);
            assertThat(file.readFloats(file.section(3))).isEqualTo(floats);
        }
    }

    @Property(tries = 500)
    void joinedChecksumIsThatOfTheWhole(
            @ForAll byte[] first, @ForAll @Size(max = 5000) byte[] second) {
        assertThat(Crc32cJoin.join(crc(first), crc(second), second.length))
                .isEqualTo(crc(first, second));
    }

    private static int crc(byte[]... parts) {
        CRC32C crc = new CRC32C();
        for (byte[] part : parts) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
