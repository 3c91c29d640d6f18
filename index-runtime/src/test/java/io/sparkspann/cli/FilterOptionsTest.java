package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/** Searches by the command among listed ids. */
class FilterOptionsTest {
    @TempDir static Path folder;

    @BeforeAll
    static void create() throws Exception {
        Path base =
                SampleVectors.write(
                        folder, "base", SampleVectors.clustered(ElementType.FLOAT32, 4, 300, 1));
        Outcome.of("create", "--input", base, "--index", folder.resolve("index")).done();
    }

    private static Path text(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** Writes a bitmap. */
    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static Path bitmap(String name, Writer writer) throws IOException {
        Path file = folder.resolve(name);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            writer.write(out);
        }
        return file;
    }

    private static Outcome search(Path index, String vector, Object... more) {
        Object[] first = {"search", "--index", index, "--vector", vector, "--k", 300};
        Object[] args = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Outcome.of(args);
    }

    private static Outcome search(Object... more) {
        return search(folder.resolve("index"), "1,0,0,0", more);
    }

    private static Set<String> ids(Outcome outcome) {
        return outcome.done().lines().stream()
                .map(line -> line.split("\t")[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--probes=1000", "--exact"})
    void lists_and_bitmaps_allow_and_deny(String effort) throws Exception {
        int[] some = {7, 299, 7, 12, 300};
        long[] longs = {7, 299, 12, 300};
        List<Path> files =
                List.of(
                        text("ids.txt", "7\n299\r\n 7\n12\n300\n"),
                        text("no-end", "12\n7\n299\n300"),
                        bitmap("ids.roaring", RoaringBitmap.bitmapOf(some)::serialize),
                        bitmap(
                                "ids.ROARING64",
                                Roaring64NavigableMap.bitmapOf(longs)::serializePortable));
        for (Path file : files) {
            Outcome allowed = search("--allow-ids", file, effort);
            assertThat(ids(allowed)).containsExactly("12", "299", "7");
            assertThat(allowed.err()).isEqualTo("--allow-ids: 1 of 4 ids are not in the index\n");
            Outcome denied = search("--deny-ids", file, effort);
            assertThat(ids(denied)).hasSize(297).doesNotContain("12", "299", "7");
            assertThat(denied.err()).isEqualTo("--deny-ids: 1 of 4 ids are not in the index\n");
        }
        Outcome both =
                search("--allow-ids", files.get(0), "--deny-ids", text("one", "12\n"), effort);
        assertThat(ids(both)).containsExactly("299", "7");
        assertThat(ids(search(effort)))
                .hasSize(300)
                .isEqualTo(ids(search(effort, "--deny-ids", text("none", ""))));
        assertThat(search(effort, "--allow-ids", text("none", "")).done().out()).isEmpty();
    }

    @Test
    void text_ids_are_lines() throws Exception {
        Path index = Path.of("src/test/resources/golden/v1.0/cosine-uint8-string");
        String vector = "1,2,3,4,5,6,7,8";
        Path file = text("names", "naïve -150000\nnaïve 0\nnaive 0\n");
        Outcome found = search(index, vector, "--exact", "--allow-ids", file);
        assertThat(ids(found)).containsExactlyInAnyOrder("naïve -150000", "naïve 0");
        assertThat(found.err()).isEqualTo("--allow-ids: 1 of 3 ids are not in the index\n");
        assertThat(ids(search(index, vector, "--exact", "--deny-ids", file))).hasSize(298);
        Path latin =
                Files.write(
                        folder.resolve("latin"),
                        "a\nna\u00efve\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(
                search(index, vector, "--deny-ids", latin),
                "latin: line 2 is not in UTF-8; give one id a line");
        Path bitmap = bitmap("names.roaring", RoaringBitmap.bitmapOf(1)::serialize);
        refused(
                search(index, vector, "--allow-ids", bitmap),
                "names.roaring: is a bitmap, but the ids of the index are text; give a file with"
                        + " one id a line");
    }

    private static void refused(Outcome outcome, String message) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'1\n2\nx3\n',line 3 is 'x3'",
        "'1\n\n3\n',line 2 is empty",
        "'1,2\n',line 1 is '1,2'",
        "'99999999999999999999\n',line 1 is '99999999999999999999'"
    })
    void bad_lines_are_named(String content, String message) throws Exception {
        refused(search("--allow-ids", text("bad.txt", content)), "bad.txt: " + message);
        refused(search("--deny-ids", text("bad.txt", content)), "bad.txt: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad.roaring", "bad.roaring64"})
    void damaged_bitmaps_are_refused(String name) throws Exception {
        RoaringBitmap bitmap = RoaringBitmap.bitmapOf(1, 2, 70_000, 5_000_000);
        bitmap.add(100_000L, 190_000L);
        Roaring64NavigableMap longs = new Roaring64NavigableMap();
        bitmap.forEach((int i) -> longs.addLong(i));
        Path file =
                name.endsWith("64")
                        ? bitmap(name, longs::serializePortable)
                        : bitmap(name, bitmap::serialize);
        search("--deny-ids", file).done();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 1 + whole.length / 50) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused(search("--deny-ids", file), name + ": is no Roaring bitmap in the portable");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        refused(search("--deny-ids", file), name + ": is no Roaring bitmap in the portable");
        Files.write(file, "1\n2\n3\n4\n5\n6\n7\n8\n9\n".getBytes(StandardCharsets.UTF_8));
        refused(search("--deny-ids", file), name + ": is no Roaring bitmap in the portable");
    }

    @Test
    void a_missing_file_is_named() {
        refused(search("--allow-ids", folder.resolve("nowhere")), "nowhere: no such file");
    }
}
