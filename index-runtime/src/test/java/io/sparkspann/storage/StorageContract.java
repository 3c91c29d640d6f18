package io.sparkspann.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.ByteSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Storage} must do; subclasses say how to make one over an empty directory. */
public abstract class StorageContract {
    private static final int RACING_THREADS = 8;
    private static final int RACING_ROUNDS = 200;

    private Storage storage;

    /** A storage over a directory that does not exist or is empty. */
    protected abstract Storage newStorage() throws IOException;

    @BeforeEach
    final void makeStorage() throws IOException {
        storage = newStorage();
    }

    @Test
    final void emptyDirectoryHasNothing() {
        assertThat(storage.list("")).isEmpty();
        assertThat(storage.list("data/x")).isEmpty();
        assertThat(storage.exists("manifest-000001.json")).isFalse();
        assertThat(storage.location()).isNotBlank();
    }

    @Test
    final void createdFileIsReadBackAtAnyPosition() throws IOException {
        byte[] content = bytes(200_001);
        try (OutputStream out = storage.create("data/a/file.spn")) {
            out.write(content[0]);
            out.write(content, 1, 70_000);
            out.write(content, 70_001, 130_000);
        }
        try (ByteSource source = storage.open("data/a/file.spn")) {
            assertThat(source.length()).isEqualTo(content.length);
            assertThat(source.name()).contains("data/a/file.spn");
            byte[] target = new byte[1005];
            source.readFully(69_500, target, 3, 1000);
            for (int i = 0; i < 1000; i++) {
                assertThat(target[3 + i]).isEqualTo(content[69_500 + i]);
            }
            source.readFully(content.length, target, 0, 0);
        }
        assertThat(storage.exists("data/a/file.spn")).isTrue();
        assertThat(storage.exists("data/a")).isTrue();
        assertThat(storage.exists("data/a/file.spn/x")).isFalse();
    }

    @Test
    final void emptyFileIsKept() throws IOException {
        storage.create("empty").close();
        assertThat(read("empty")).isEmpty();
        assertThat(storage.putIfAbsent("empty-too", new byte[0])).isEqualTo(Storage.Put.CREATED);
        assertThat(read("empty-too")).isEmpty();
    }

    @Test
    final void readBeyondTheEndIsRefused() throws IOException {
        write("f", bytes(10));
        try (ByteSource source = storage.open("f")) {
            assertThatThrownBy(() -> source.readFully(8, new byte[3], 0, 3))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("f");
        }
    }

    @Test
    final void missingFileIsNamed() {
        assertThatThrownBy(() -> storage.open("data/none.spn"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("data/none.spn")
                .hasMessageNotContaining("\n");
    }

    @Test
    final void folderIsNoFile() throws IOException {
        write("data/a/f", bytes(1));
        assertThatThrownBy(() -> storage.open("data/a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("data/a");
    }

    @Test
    final void existingFileIsNeverOverwritten() throws IOException {
        write("f", bytes(10));
        assertThatThrownBy(() -> storage.create("f"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("f");
        assertThat(storage.putIfAbsent("f", bytes(5))).isEqualTo(Storage.Put.EXISTS);
        assertThat(read("f")).isEqualTo(bytes(10));
    }

    @Test
    final void equalContentDoesNotMakeASecondWinner() {
        assertThat(storage.putIfAbsent("m/f", bytes(5))).isEqualTo(Storage.Put.CREATED);
        assertThat(storage.putIfAbsent("m/f", bytes(5))).isEqualTo(Storage.Put.EXISTS);
        assertThat(read("m/f")).isEqualTo(bytes(5));
        assertThat(storage.list("m")).containsExactly("f");
    }

    @Test
    final void listShowsFilesAndFoldersOfOneFolder() throws IOException {
        write("data/a/f1", bytes(1));
        write("data/a/f2", bytes(2));
        write("data/b/c/f3", bytes(3));
        write("top", bytes(4));
        assertThat(storage.list("")).containsExactlyInAnyOrder("data", "top");
        assertThat(storage.list("data")).containsExactlyInAnyOrder("a", "b");
        assertThat(storage.list("data/a")).containsExactlyInAnyOrder("f1", "f2");
    }

    @Test
    final void deleteRemovesFilesAndWholeFolders() throws IOException {
        write("data/a/f1", bytes(1));
        write("data/a/b/f2", bytes(2));
        write("data/ab/f3", bytes(3));
        storage.delete("data/a");
        assertThat(storage.exists("data/a/b/f2")).isFalse();
        assertThat(storage.exists("data/a")).isFalse();
        assertThat(storage.list("data")).containsExactly("ab");
        storage.delete("data/ab/f3");
        assertThat(storage.exists("data/ab/f3")).isFalse();
    }

    @Test
    final void deleteOfNothingDoesNothing() throws IOException {
        write("f", bytes(1));
        storage.delete("none");
        storage.delete("none/at/all");
        storage.delete("f/x");
        assertThat(read("f")).isEqualTo(bytes(1));
    }

    @Test
    final void fileUnderAFileIsRefused() throws IOException {
        write("f", bytes(1));
        assertThatThrownBy(() -> storage.create("f/x").close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("f/x");
        assertThatThrownBy(() -> storage.putIfAbsent("f/x", bytes(1)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("f/x");
        assertThat(read("f")).isEqualTo(bytes(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "a//b",
                "a/",
                "/a",
                ".",
                "..",
                "a/.",
                "a/./b",
                "../x",
                "a/../b",
                "a/..",
                "a\\b",
                "..\\x",
                "C:\\x",
                "C:/x",
                "s3://bucket/x",
                "a:b",
                "a\u0000b",
                "a\nb",
                "%2e%2e/x",
                "\u00e4"
            })
    final void unsafePathIsRefusedByEveryCall(String path) {
        assertRefused(() -> storage.open(path));
        assertRefused(() -> storage.exists(path));
        assertRefused(() -> storage.create(path).close());
        assertRefused(() -> storage.putIfAbsent(path, bytes(1)));
        assertRefused(() -> storage.delete(path));
        if (!path.isEmpty()) {
            assertRefused(() -> storage.list(path));
        }
        assertThat(storage.list("")).isEmpty();
    }

    @Test
    final void exactlyOneOfRacingWritersWins() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(RACING_THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(RACING_THREADS);
            List<Future<List<Integer>>> writers = new ArrayList<>();
            for (int writer = 0; writer < RACING_THREADS; writer++) {
                int id = writer;
                writers.add(pool.submit(() -> race(start, id)));
            }
            int[] winners = new int[RACING_ROUNDS];
            int[] winner = new int[RACING_ROUNDS];
            for (int writer = 0; writer < RACING_THREADS; writer++) {
                for (int round : writers.get(writer).get()) {
                    winners[round]++;
                    winner[round] = writer;
                }
            }
            for (int round = 0; round < RACING_ROUNDS; round++) {
                assertThat(winners[round]).as("winners of round %d", round).isEqualTo(1);
                assertThat(read(racePath(round))).isEqualTo(raceContent(winner[round]));
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(storage.list("race")).hasSize(RACING_ROUNDS);
    }

    private List<Integer> race(CyclicBarrier start, int writer) throws Exception {
        List<Integer> won = new ArrayList<>();
        for (int round = 0; round < RACING_ROUNDS; round++) {
            start.await();
            if (storage.putIfAbsent(racePath(round), raceContent(writer)) == Storage.Put.CREATED) {
                won.add(round);
            }
        }
        return won;
    }

    private static String racePath(int round) {
        return "race/manifest-" + round + ".json";
    }

    private static byte[] raceContent(int writer) {
        return ("written by " + writer).repeat(100).getBytes(StandardCharsets.UTF_8);
    }

    private void write(String path, byte[] content) throws IOException {
        try (OutputStream out = storage.create(path)) {
            out.write(content);
        }
    }

    private byte[] read(String path) {
        try (ByteSource source = storage.open(path)) {
            byte[] content = new byte[(int) source.length()];
            source.readFully(0, content, 0, content.length);
            return content;
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is refused")
                .hasMessageNotContaining("\n");
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }
}
