package io.sparkspann.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.error.CommitConflictException;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.MemoryStorage;
import io.sparkspann.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
    private static final int WRITERS = 8;
    private static final int ROUNDS = 25;

    private final MemoryStorage storage = new MemoryStorage();
    private final Snapshots snapshots = new Snapshots(storage);

    @Test
    void emptyDirectoryHasNoSnapshot() {
        assertThat(snapshots.current()).isEmpty();
        assertThat(snapshots.numbers()).isEmpty();
    }

    @Test
    void highestNumberIsCurrent() {
        for (int i = 1; i <= 12; i++) {
            snapshots.publish(SampleManifest.of(i));
            assertThat(snapshots.current()).contains(SampleManifest.of(i));
        }
        assertThat(snapshots.load(3)).isEqualTo(SampleManifest.of(3));
        assertThat(snapshots.numbers()).hasSize(12).startsWith(1L, 2L).endsWith(12L);
    }

    @Test
    void numbersMayOutgrowSixDigits() {
        put("manifest-999999.json", 999_999);
        snapshots.publish(SampleManifest.of(1_000_000));
        assertThat(storage.exists("manifest-1000000.json")).isTrue();
        assertThat(snapshots.current().orElseThrow().snapshot()).isEqualTo(1_000_000);
    }

    @Test
    void otherNamesAreIgnored() {
        snapshots.publish(SampleManifest.of(1));
        for (String name :
                new String[] {
                    "manifest-2.json",
                    "manifest-0000002.json",
                    "manifest-000000.json",
                    "manifest-000002.json.tmp",
                    ".tmp-manifest-000002.json",
                    "Manifest-000002.json",
                    "manifest-00000a.json",
                    "manifest-0000000000002.json",
                    "manifest--00002.json",
                    "data/manifest-000002.json"
                }) {
            storage.putIfAbsent(name, new byte[] {1});
        }
        assertThat(snapshots.numbers()).containsExactly(1L);
        assertThat(snapshots.current()).contains(SampleManifest.of(1));
    }

    @Test
    void damagedHighestIsAnErrorAndNeverTheOlderOne() {
        snapshots.publish(SampleManifest.of(1));
        byte[] bytes = SampleManifest.of(2).toBytes();
        for (int length : new int[] {0, 10, bytes.length - 1}) {
            storage.replace("manifest-000002.json", Arrays.copyOf(bytes, length));
            assertThatThrownBy(snapshots::current)
                    .isInstanceOf(CorruptIndexException.class)
                    .hasMessageContaining("manifest-000002.json");
        }
        assertThat(snapshots.load(1)).isEqualTo(SampleManifest.of(1));
    }

    @Test
    void manifestUnderAnotherNumberIsRefused() {
        put("manifest-000002.json", 1);
        assertThatThrownBy(snapshots::current)
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("it is 1, but the file name says 2");
    }

    @Test
    void missingSnapshotIsNamedWithThoseThatExist() {
        snapshots.publish(SampleManifest.of(1));
        snapshots.publish(SampleManifest.of(2));
        assertThatThrownBy(() -> snapshots.load(5))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Snapshot 5 does not exist in memory; there are 2, 1 to 2");
    }

    @Test
    void takenNumberIsAConflictAndChangesNothing() {
        snapshots.publish(SampleManifest.of(1));
        Manifest late = SampleManifest.of(1).toBuilder().calibration(List.of()).build();
        assertThatThrownBy(() -> snapshots.publish(late))
                .isInstanceOf(CommitConflictException.class)
                .hasMessageContaining("Snapshot 1 in memory was published by another writer");
        assertThat(snapshots.current()).contains(SampleManifest.of(1));
    }

    @Test
    void lateWriterDoesNotTakeTheNumberOfAnExpiredSnapshot() {
        put("manifest-000009.json", 9);
        assertThatThrownBy(() -> snapshots.publish(SampleManifest.of(5)))
                .isInstanceOf(CommitConflictException.class);
        assertThat(snapshots.numbers()).containsExactly(9L);
    }

    @Test
    void numbersHaveNoGaps() {
        assertThatThrownBy(() -> snapshots.publish(SampleManifest.of(2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("does not follow 0");
        assertThat(snapshots.numbers()).isEmpty();
    }

    @Test
    void exactlyOneOfRacingWritersPublishes(@TempDir Path folder) throws Exception {
        Storage local = LocalStorage.of(folder);
        ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
        try {
            CyclicBarrier start = new CyclicBarrier(WRITERS);
            List<Future<List<Integer>>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int k = writer + 1;
                writers.add(pool.submit(() -> race(new Snapshots(local), start, k)));
            }
            int[] winner = new int[ROUNDS];
            int wins = 0;
            for (int writer = 0; writer < WRITERS; writer++) {
                for (int round : writers.get(writer).get()) {
                    wins++;
                    winner[round] = writer + 1;
                }
            }
            assertThat(wins).isEqualTo(ROUNDS);
            for (int round = 0; round < ROUNDS; round++) {
                Manifest manifest = new Snapshots(local).load(round + 1);
                assertThat(manifest).isEqualTo(by(winner[round], round));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<Integer> race(Snapshots snapshots, CyclicBarrier start, int writer)
            throws Exception {
        List<Integer> won = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            start.await();
            try {
                snapshots.publish(by(writer, round));
                won.add(round);
            } catch (CommitConflictException e) {
                assertThat(e).hasMessageContaining("Snapshot " + (round + 1));
            }
            start.await();
        }
        return won;
    }

    private static Manifest by(int writer, int round) {
        CalibrationRow row = new CalibrationRow(writer, 0, 1, 0, 1, 1, 1);
        return SampleManifest.of(round + 1).toBuilder().calibration(List.of(row)).build();
    }

    private void put(String name, long snapshot) {
        storage.putIfAbsent(name, SampleManifest.of(snapshot).toBytes());
    }
}
