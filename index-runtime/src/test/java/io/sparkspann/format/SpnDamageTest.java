package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.storage.MemoryStorage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpnDamageTest {
    private static final FileHeader HEADER =
            new FileHeader(FileKind.POSTINGS, SampleFile.CONTENT_ID, SampleFile.SHARD);

    @Test
    void intactFileHasNoDamage() {
        assertThat(SampleFile.damages(SampleFile.bytes())).isEmpty();
    }

    @Test
    void everyOtherValueOfEveryByteIsFound() {
        byte[] intact = SampleFile.bytes();
        for (int at = 0; at < intact.length; at++) {
            for (int mask = 1; mask < 256; mask++) {
                byte[] bytes = intact.clone();
                bytes[at] ^= (byte) mask;
                assertThat(isFound(bytes)).as("byte %d xor %d", at, mask).isTrue();
            }
        }
    }

    @Test
    void damageInASectionIsNamedAndNotReturned() {
        byte[] bytes = SampleFile.bytes();
        bytes[128 + 69] ^= 1;
        assertThat(SampleFile.damages(bytes))
                .singleElement()
                .asString()
                .startsWith(
                        SampleFile.PATH + ": section records at byte 128 is damaged: CRC32C is ");
        try (SpnFile file = SampleFile.open(bytes)) {
            assertThat(file.readInts(SectionType.POSTINGS_DIRECTORY))
                    .containsExactly(1, 2, 3, 4, 5);
            assertThatThrownBy(() -> file.read(SectionType.POSTINGS_RECORDS))
                    .isInstanceOf(CorruptIndexException.class);
        }
    }

    @Test
    void everyDamagedSectionIsReported() {
        byte[] bytes = SampleFile.bytes();
        bytes[64] ^= 1;
        bytes[128] ^= 1;
        assertThat(SampleFile.damages(bytes)).hasSize(2);
    }

    @Test
    void everyTruncationIsFoundAtOpen() {
        byte[] intact = SampleFile.bytes();
        for (int length = 0; length < intact.length; length++) {
            byte[] bytes = Arrays.copyOf(intact, length);
            assertThatThrownBy(() -> SampleFile.open(bytes))
                    .as("first %d bytes", length)
                    .isInstanceOf(CorruptIndexException.class);
        }
    }

    @Test
    void everyExtensionIsFoundAtOpen() {
        byte[] intact = SampleFile.bytes();
        for (int more = 1; more <= 4096; more += more < 64 ? 1 : 64) {
            byte[] zeros = Arrays.copyOf(intact, intact.length + more);
            byte[] repeated = zeros.clone();
            for (int i = 0; i < more; i++) {
                // Ends with the intact end of the file, footer included where it fits.
                repeated[repeated.length - 1 - i] = intact[intact.length - 1 - i % intact.length];
            }
            for (byte[] bytes : List.of(zeros, repeated)) {
                assertThatThrownBy(() -> SampleFile.open(bytes))
                        .as("%d bytes more", more)
                        .isInstanceOf(CorruptIndexException.class);
            }
        }
    }

    @Test
    void missingMiddleIsFoundAtOpen() {
        byte[] intact = SampleFile.bytes();
        for (int cut = 1; cut <= 192; cut++) {
            byte[] bytes = Arrays.copyOf(intact, intact.length - cut);
            System.arraycopy(intact, 64 + cut, bytes, 64, bytes.length - 64);
            assertThatThrownBy(() -> SampleFile.open(bytes))
                    .isInstanceOf(CorruptIndexException.class);
        }
    }

    @Test
    void fileOfAnotherIndexIsRefused() {
        ContentId other = ContentId.of(new byte[] {9});
        byte[] bytes =
                SampleFile.bytes(new FileHeader(FileKind.POSTINGS, other, SampleFile.SHARD), 1);
        assertThatThrownBy(() -> SampleFile.open(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("it belongs to another index, content id " + other)
                .hasMessageContaining("expected " + SampleFile.CONTENT_ID);
    }

    @Test
    void fileOfAnotherShardIsRefused() {
        byte[] bytes =
                SampleFile.bytes(new FileHeader(FileKind.POSTINGS, SampleFile.CONTENT_ID, 4), 1);
        assertThatThrownBy(() -> SampleFile.open(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("it belongs to shard 4, expected shard 3");
    }

    @ParameterizedTest
    @EnumSource(value = FileKind.class, names = "POSTINGS", mode = EnumSource.Mode.EXCLUDE)
    void fileOfAnotherKindIsRefused(FileKind kind) {
        byte[] bytes =
                SampleFile.bytes(new FileHeader(kind, SampleFile.CONTENT_ID, SampleFile.SHARD), 1);
        assertThatThrownBy(() -> SampleFile.open(bytes))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("kind " + kind.label() + ", expected postings");
    }

    @Test
    void partsOfATwinFileAreFound() {
        byte[] ours = SampleFile.bytes();
        byte[] twin =
                SampleFile.bytes(
                        new FileHeader(FileKind.POSTINGS, ContentId.of(new byte[] {9}), 3), 2);
        int table = SampleFile.tableOffset(ours);
        // Every run of whole parts: header, sections, table with footer.
        int[] borders = {0, 64, 128, table, ours.length};
        for (int from = 0; from < borders.length - 1; from++) {
            for (int to = from + 1; to < borders.length; to++) {
                byte[] bytes = ours.clone();
                System.arraycopy(
                        twin, borders[from], bytes, borders[from], borders[to] - borders[from]);
                assertThat(isFound(bytes))
                        .as("bytes %d to %d", borders[from], borders[to])
                        .isTrue();
            }
        }
    }

    @Test
    void fileOfAnotherAttemptIsRefusedByItsManifestEntry() {
        MemoryStorage storage = new MemoryStorage();
        FileEntry listed = SampleFile.write(storage, HEADER, 1);
        storage.delete(SampleFile.PATH);
        FileEntry other = SampleFile.write(storage, HEADER, 2);
        assertThat(other.lengthBytes()).isEqualTo(listed.lengthBytes());
        assertThatThrownBy(() -> SpnFile.open(storage, listed, SampleFile.CONTENT_ID, 3))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("it is not the file of this snapshot");
        FileEntry longer =
                new FileEntry(listed.path(), other.lengthBytes() + 1, other.crc32c(), other.kind());
        assertThatThrownBy(() -> SpnFile.open(storage, longer, SampleFile.CONTENT_ID, 3))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("it has " + other.lengthBytes() + " bytes, expected");
    }

    private static boolean isFound(byte[] bytes) {
        try {
            return !SampleFile.damages(bytes).isEmpty();
        } catch (CorruptIndexException e) {
            return true;
        }
    }
}
