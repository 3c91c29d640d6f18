package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.FileHeader;
import io.sparkspann.format.FileKind;
import io.sparkspann.storage.LocalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFileTest {
    private static final int SEGMENTS = 40;
    private static final ContentId ID =
            ContentId.of("segments".getBytes(StandardCharsets.US_ASCII));

    @TempDir Path folder;

    private LocalStorage storage;
    private FileEntry entry;

    /** Every third segment is empty, the others hold their number as often as it says. */
    @BeforeEach
    void write() {
        storage = LocalStorage.of(folder);
        FileHeader header = new FileHeader(FileKind.STAGING, ID, 0);
        try (SegmentWriter out = new SegmentWriter(storage, "file.spn", header, SEGMENTS)) {
            for (int s = 0; s < SEGMENTS; s++) {
                out.add(content(s));
            }
            entry = out.finish();
        }
    }

    private static ByteBuffer content(int segment) {
        ByteBuffer content = ByteBuffer.allocate(SEGMENTS);
        for (int i = 0; i < segment && segment % 3 != 0; i++) {
            content.put((byte) segment);
        }
        return content;
    }

    private static List<String> read(SegmentFile file, int from, int to) {
        List<String> segments = new ArrayList<>();
        file.forEach(from, to, (s, bytes) -> segments.add(s + " x " + bytes.remaining()));
        return segments;
    }

    @Test
    void segments_come_back_whichever_are_read_first() {
        try (SegmentFile file = SegmentFile.open(storage, entry, ID)) {
            assertThat(file.count()).isEqualTo(SEGMENTS);
            assertThat(read(file, 7, 10)).containsExactly("7 x 7", "8 x 8");
            assertThat(read(file, 38, 40)).containsExactly("38 x 38");
            assertThat(read(file, 0, 3)).containsExactly("1 x 1", "2 x 2");
            assertThat(read(file, 5, 5)).isEmpty();
            assertThat(read(file, 9, 10)).isEmpty();
            assertThat(file.isEmpty(9)).isTrue();
            assertThat(file.isEmpty(10)).isFalse();
            assertThat(file.length(1, 6)).isEqualTo(1 + 2 + 4 + 5);
            assertThat(read(file, 0, SEGMENTS)).hasSize(SEGMENTS - 14);
        }
    }

    /** No part of a file is used that is not what was written: an entry says which one it is. */
    @Test
    void no_damage_of_what_is_read_goes_unnoticed() throws IOException {
        Path path = folder.resolve("file.spn");
        byte[] whole = Files.readAllBytes(path);
        List<Integer> unnoticed = new ArrayList<>();
        for (int at = 64; at < whole.length - 32 - 2 * 32; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x20;
            Files.write(path, damaged);
            try (SegmentFile file = SegmentFile.open(storage, entry, ID)) {
                read(file, 0, SEGMENTS);
                unnoticed.add(at);
            } catch (CorruptIndexException e) {
                assertThat(e.file()).isEqualTo("file.spn");
            }
        }
        // Padding alone.
        assertThat(unnoticed).hasSizeLessThan(2 * 64);
        byte[] swapped = whole.clone();
        int directory = directory(whole);
        System.arraycopy(whole, directory + 16, swapped, directory, 16);
        Files.write(path, swapped);
        try (SegmentFile file = SegmentFile.open(storage, entry, ID)) {
            assertThatThrownBy(() -> read(file, 0, 2))
                    .isInstanceOf(CorruptIndexException.class)
                    .hasMessageContaining("section directory at byte " + directory);
            assertThat(read(file, 2, 3)).containsExactly("2 x 2");
        }
    }

    /** Where the directory begins: after the segments, at a multiple of 64. */
    private static int directory(byte[] whole) {
        int content = 0;
        for (int s = 0; s < SEGMENTS; s++) {
            content += content(s).position();
        }
        assertThat(whole.length).isGreaterThan(content);
        return 64 + (content + 63) / 64 * 64;
    }
}
