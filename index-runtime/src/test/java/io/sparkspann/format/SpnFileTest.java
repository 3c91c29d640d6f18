package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.StorageException;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpnFileTest {
    private static final FileHeader ROUTER =
            new FileHeader(FileKind.ROUTER, SampleFile.CONTENT_ID, 0);

    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void layoutIsThatOfTheDocument() {
        byte[] bytes = SampleFile.bytes();
        assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("SPNFILE1");
        assertThat(bytes).hasSize(64 + 64 + 128 + 3 * 32 + 32);
        assertThat(Arrays.copyOfRange(bytes, 8, 16)).containsExactly(3, 0, 1, 0, 1, 0, 0, 0);
        assertThat(Arrays.copyOfRange(bytes, 16, 32)).isEqualTo(SampleFile.CONTENT_ID.bytes());
        assertThat(Arrays.copyOfRange(bytes, 32, 36)).containsExactly(3, 0, 0, 0);
        assertThat(Arrays.copyOfRange(bytes, 64, 72)).containsExactly(1, 0, 0, 0, 2, 0, 0, 0);
        assertThat(new String(bytes, bytes.length - 8, 8, StandardCharsets.US_ASCII))
                .isEqualTo("SPNEND01");
    }

    @Test
    void bytesDoNotDependOnHowTheyWereWritten() {
        long[] values = new long[20_000];
        Arrays.setAll(values, i -> i * 0x9E3779B97F4A7C15L);
        try (SpnWriter whole = SpnWriter.create(storage, "whole", ROUTER);
                SpnWriter single = SpnWriter.create(storage, "single", ROUTER)) {
            whole.begin(SectionType.ROUTER_TREE);
            whole.write(new byte[] {7}, 0, 1);
            whole.writeLongs(values, 0, values.length);
            whole.end();
            single.begin(SectionType.ROUTER_TREE);
            single.write(new byte[] {7}, 0, 1);
            for (long value : values) {
                single.writeInt((int) value);
                single.writeInt((int) (value >>> 32));
            }
            single.end();
            assertThat(whole.finish().crc32c()).isEqualTo(single.finish().crc32c());
        }
        assertThat(storage.bytes("whole")).isEqualTo(storage.bytes("single"));
    }

    @Test
    void entryDescribesTheFile(@TempDir Path folder) {
        Storage local = LocalStorage.of(folder);
        FileEntry entry;
        try (SpnWriter writer = SpnWriter.create(local, "data/r/router.spn", ROUTER)) {
            writer.begin(SectionType.ROUTER_CENTROIDS);
            writer.writeFloats(new float[300_000], 0, 300_000);
            assertThat(writer.position()).isEqualTo(64 + 1_200_000);
            assertThat(writer.sectionOffset()).isEqualTo(1_200_000);
            writer.end();
            assertThat(writer.position()).isEqualTo(64 + 1_200_000);
            writer.begin(SectionType.ROUTER_TREE);
            writer.writeLong(1);
            writer.end();
            assertThat(writer.position()).isEqualTo(64 + 1_200_000 + 64);
            entry = writer.finish();
        }
        try (SpnFile file = SpnFile.open(local, entry, SampleFile.CONTENT_ID, 0)) {
            assertThat(entry.kind()).isEqualTo(FileKind.ROUTER);
            assertThat(entry.path()).isEqualTo("data/r/router.spn").isEqualTo(file.name());
            assertThat(entry.lengthBytes()).isEqualTo(file.source().length());
            byte[] all = new byte[(int) entry.lengthBytes()];
            file.source().readFully(0, all, 0, all.length);
            CRC32C crc = new CRC32C();
            crc.update(all);
            assertThat(entry.crc32c()).isEqualTo((int) crc.getValue()).isEqualTo(file.crc32c());
            assertThat(file.readFloats(SectionType.ROUTER_CENTROIDS)).hasSize(300_000);
        }
    }

    @Test
    void fileWithoutSectionsIsWhole() {
        try (SpnWriter writer = SpnWriter.create(storage, "f", ROUTER)) {
            writer.finish();
        }
        try (SpnFile file =
                SpnFile.open(storage.open("f"), FileKind.ROUTER, ROUTER.contentId(), 0)) {
            assertThat(file.sections()).isEmpty();
            assertThat(file.find(SectionType.ROUTER_TREE.code())).isEmpty();
            assertThatThrownBy(() -> file.readInts(SectionType.ROUTER_TREE))
                    .isInstanceOf(CorruptIndexException.class)
                    .hasMessageContaining(
                            "f: section tree at byte 64 is damaged: the section is missing");
        }
    }

    @Test
    void mostSectionsAreReadBack() {
        try (SpnWriter writer = SpnWriter.create(storage, "f", ROUTER)) {
            for (int i = 0; i < Layout.MAX_SECTIONS; i++) {
                writer.begin(0x10000 + i, false);
                writer.writeInt(i);
                writer.end();
            }
            assertThatThrownBy(() -> writer.begin(1, false))
                    .isInstanceOf(IllegalStateException.class);
            writer.finish();
        }
        try (SpnFile file =
                SpnFile.open(storage.open("f"), FileKind.ROUTER, ROUTER.contentId(), 0)) {
            assertThat(file.sections()).hasSize(Layout.MAX_SECTIONS);
            assertThat(file.readInts(file.section(0x10000 + 1000))).containsExactly(1000);
        }
    }

    @Test
    void rangesAreBoundToTheirSection() {
        try (SpnFile file = SampleFile.open(SampleFile.bytes())) {
            SpnSection records = file.section(SectionType.POSTINGS_RECORDS);
            byte[] target = new byte[10];
            file.readRange(records, 66, target, 2, 4);
            assertThat(target).containsExactly(0, 0, 66, 67, 68, 69, 0, 0, 0, 0);
            file.readRange(records, 70, target, 0, 0);
            long[][] ranges = {
                {67, 4},
                {-1, 1},
                {0, -1},
                {71, 0},
                {Long.MAX_VALUE, 1},
                {Long.MIN_VALUE, 5},
                {0, 71}
            };
            for (long[] range : ranges) {
                assertThatThrownBy(
                                () -> file.readRange(records, range[0], target, 0, (int) range[1]))
                        .isInstanceOf(CorruptIndexException.class)
                        .hasMessageContaining("section records");
            }
        }
    }

    @Test
    void oddLengthIsNoArrayOfNumbers() {
        try (SpnFile file = SampleFile.open(SampleFile.bytes())) {
            assertThatThrownBy(() -> file.readInts(SectionType.POSTINGS_RECORDS))
                    .isInstanceOf(CorruptIndexException.class)
                    .hasMessageContaining("length 70 is not a multiple of 4");
            assertThatThrownBy(() -> file.readLongs(SectionType.POSTINGS_DIRECTORY))
                    .isInstanceOf(CorruptIndexException.class)
                    .hasMessageContaining("length 20 is not a multiple of 8");
        }
    }

    @Test
    void unfinishedFileIsRemoved() {
        try (SpnWriter writer = SpnWriter.create(storage, "data/f", ROUTER)) {
            writer.begin(SectionType.ROUTER_TREE);
            writer.writeInt(1);
        }
        assertThat(storage.exists("data/f")).isFalse();
    }

    @Test
    void misuseIsRefused() {
        try (SpnWriter writer = SpnWriter.create(storage, "f", ROUTER)) {
            assertThatThrownBy(() -> writer.writeInt(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> writer.begin(SectionType.IDS_VALUES))
                    .isInstanceOf(IllegalArgumentException.class);
            writer.begin(SectionType.ROUTER_TREE);
            assertThatThrownBy(() -> writer.begin(SectionType.ROUTER_CENTROIDS))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
            writer.end();
            assertThatThrownBy(() -> writer.begin(SectionType.ROUTER_TREE))
                    .isInstanceOf(IllegalStateException.class);
            writer.finish();
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
        }
        assertThat(storage.exists("f")).isTrue();
    }

    @Test
    void failedStorageFailsTheFileAndRemovesIt() {
        List<String> calls = new ArrayList<>();
        Storage full = failing(calls);
        assertThatThrownBy(
                        () -> {
                            try (SpnWriter writer = SpnWriter.create(full, "f", ROUTER)) {
                                writer.begin(SectionType.ROUTER_TREE);
                                writer.write(new byte[100_000], 0, 100_000);
                            }
                        })
                .isInstanceOf(StorageException.class)
                .hasMessage("full/f: cannot be written: No space left on device")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(calls).containsExactly("create", "delete");
    }

    @Test
    void failedCloseFailsTheFileAndRemovesIt() {
        List<String> calls = new ArrayList<>();
        Storage full = failing(calls);
        assertThatThrownBy(
                        () -> {
                            try (SpnWriter writer = SpnWriter.create(full, "f", ROUTER)) {
                                writer.finish();
                            }
                        })
                .isInstanceOf(StorageException.class);
        assertThat(calls).containsExactly("create", "delete");
    }

    /** A storage whose files fail to be written beyond 1,000 bytes, and to be closed. */
    private static Storage failing(List<String> calls) {
        OutputStream out =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        if (length > 1000) {
                            write(0);
                        }
                    }

                    @Override
                    public void close() throws IOException {
                        throw new IOException("lost");
                    }
                };
        return (Storage)
                Proxy.newProxyInstance(
                        Storage.class.getClassLoader(),
                        new Class<?>[] {Storage.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("location")) {
                                return "full";
                            }
                            calls.add(method.getName());
                            return method.getName().equals("create") ? out : null;
                        });
    }
}
