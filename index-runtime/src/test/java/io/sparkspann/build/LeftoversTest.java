package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.format.BuildMark;
import io.sparkspann.format.Manifest;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is removed that may be another builder's. */
class LeftoversTest {
    @TempDir Path folder;
    private Storage storage;
    private String published;
    private String other;

    @BeforeEach
    void build() {
        storage = LocalStorage.of(folder);
        new IndexBuilder(
                        new ErraticEngine(VectorBlock.ofFloats(1, new float[40]), 2, "base"),
                        () -> storage,
                        BuildOptions.of(Metric.L2),
                        (stage, seconds) -> {})
                .build(BuildMode.ERROR);
        published = "data/" + storage.list("data").get(0);
        other = BuildFolder.create().path();
        new BuildFolder(other).claim(storage);
        storage.putIfAbsent(other + "/staging/scan-00000.01234567.spn", new byte[1]);
    }

    private void mark(String owner) {
        byte[] mark = new BuildMark(owner, 1, Map.of(), Map.of()).toBytes();
        storage.putIfAbsent(BuildStart.MARK, mark);
    }

    @Test
    void a_folder_without_owner_is_removed_by_the_builder_that_holds_the_mark() {
        mark(published);
        Leftovers.remove(storage, new BuildStart(published, 1, false, false));
        assertThat(storage.exists(other)).isFalse();
        assertThat(storage.exists(published)).isTrue();
    }

    @Test
    void nothing_is_removed_without_the_mark() {
        Leftovers.remove(storage, new BuildStart(published, 1, false, false));
        assertThat(storage.exists(other)).isTrue();
    }

    @Test
    void nothing_is_removed_under_the_mark_of_another() {
        mark(other);
        Leftovers.remove(storage, new BuildStart(published, 1, false, false));
        assertThat(storage.exists(other)).isTrue();
    }

    @Test
    void nothing_is_removed_when_another_snapshot_has_been_published() {
        mark(published);
        byte[] next = "not read".getBytes(StandardCharsets.UTF_8);
        storage.putIfAbsent("manifest-000002.json", next);
        Leftovers.remove(storage, new BuildStart(published, 1, false, false));
        assertThat(storage.exists(other)).isTrue();
    }

    private void remove() {
        mark(published);
        Leftovers.remove(storage, new BuildStart(published, 1, false, false));
    }

    @Test
    void a_folder_that_no_build_claimed_stays_whatever_its_name() {
        String foreign = BuildFolder.create().path();
        storage.putIfAbsent(foreign + "/thesis.tex", new byte[1]);
        storage.putIfAbsent("data/notes/a", new byte[1]);
        remove();
        assertThat(storage.exists(foreign + "/thesis.tex")).isTrue();
        assertThat(storage.exists("data/notes/a")).isTrue();
    }

    @Test
    void a_folder_whose_claim_was_copied_from_another_stays() {
        String copy = BuildFolder.create().path();
        storage.putIfAbsent(copy + "/owner.json", Journal.readAll(storage, other + "/owner.json"));
        remove();
        assertThat(storage.exists(copy)).isTrue();
        assertThat(storage.exists(other)).isFalse();
    }

    @Test
    void what_a_user_put_into_a_folder_of_a_build_stays() {
        storage.putIfAbsent(other + "/notes.txt", new byte[1]);
        storage.putIfAbsent(other + "/staging/mine.csv", new byte[1]);
        storage.putIfAbsent(other + "/journal", new byte[1]);
        remove();
        assertThat(storage.list(other))
                .containsExactlyInAnyOrder("notes.txt", "staging", "journal");
        assertThat(storage.list(other + "/staging")).containsExactly("mine.csv");
    }

    private Manifest build(BuildMode mode) {
        return report(mode).manifest();
    }

    private BuildReport report(BuildMode mode) {
        return new IndexBuilder(
                        new ErraticEngine(VectorBlock.ofFloats(1, new float[40]), 2, "base"),
                        () -> storage,
                        BuildOptions.of(Metric.L2),
                        (stage, seconds) -> {})
                .build(mode);
    }

    @Test
    void what_a_user_put_into_the_folder_of_an_index_stays() {
        storage.putIfAbsent(published + "/notes.txt", new byte[1]);
        build(BuildMode.OVERWRITE);
        build(BuildMode.OVERWRITE);
        build(BuildMode.OVERWRITE);
        assertThat(storage.list(published)).containsExactly("notes.txt");
        assertThat(storage.list("data")).hasSize(3);
    }

    @Test
    void a_folder_whose_snapshot_was_expired_by_a_build_that_died_is_removed_later() {
        new BuildFolder(published).claim(storage);
        storage.delete("manifest-000001.json");
        build(BuildMode.ERROR);
        assertThat(storage.exists(published)).isFalse();
    }

    @Test
    void a_damaged_older_manifest_stops_neither_a_build_nor_a_look_at_a_finished_one()
            throws IOException {
        build(BuildMode.OVERWRITE);
        Files.write(folder.resolve("manifest-000001.json"), new byte[10]);
        BuildReport report = report(BuildMode.RESUME);
        assertThat(report.manifest().snapshot()).isEqualTo(2);
        assertThat(report.note()).contains("nothing to do").contains("not counted: [1]");
        assertThat(report(BuildMode.OVERWRITE).manifest().snapshot()).isEqualTo(3);
        Files.write(folder.resolve("manifest-000002.json"), new byte[10]);
        assertThat(report(BuildMode.OVERWRITE).note()).contains("not counted: [1, 2]");
        assertThat(storage.exists(published)).isTrue();
    }
}
