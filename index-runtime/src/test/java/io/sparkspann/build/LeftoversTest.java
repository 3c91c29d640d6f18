package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.VectorBlock;
import java.nio.charset.StandardCharsets;
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
        other = Leftovers.newFolder();
        storage.putIfAbsent(other + "/file.spn", new byte[1]);
    }

    private void mark(String owner) {
        byte[] mark = new io.sparkspann.format.BuildMark(owner, 1, Map.of(), Map.of()).toBytes();
        storage.putIfAbsent(BuildStart.MARK, mark);
    }

    @Test
    void a_folder_without_owner_is_removed_by_the_builder_that_holds_the_mark() {
        mark(published);
        Leftovers.remove(storage, new BuildStart(published, 1, false));
        assertThat(storage.exists(other)).isFalse();
        assertThat(storage.exists(published)).isTrue();
    }

    @Test
    void nothing_is_removed_without_the_mark() {
        Leftovers.remove(storage, new BuildStart(published, 1, false));
        assertThat(storage.exists(other)).isTrue();
    }

    @Test
    void nothing_is_removed_under_the_mark_of_another() {
        mark(other);
        Leftovers.remove(storage, new BuildStart(published, 1, false));
        assertThat(storage.exists(other)).isTrue();
    }

    @Test
    void nothing_is_removed_when_another_snapshot_has_been_published() {
        mark(published);
        byte[] next = "not read".getBytes(StandardCharsets.UTF_8);
        storage.putIfAbsent("manifest-000002.json", next);
        Leftovers.remove(storage, new BuildStart(published, 1, false));
        assertThat(storage.exists(other)).isTrue();
    }
}
