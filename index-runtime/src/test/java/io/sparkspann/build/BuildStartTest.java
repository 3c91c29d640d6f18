package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.CorruptIndexException;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.format.BuildMark;
import io.sparkspann.format.Manifest;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Builds begin over what is there already, be it another's, and leave alone what is not theirs. */
class BuildStartTest {
    @TempDir Path folder;
    private Storage storage;
    private Path mark;

    @BeforeEach
    void open() {
        storage = LocalStorage.of(folder);
        mark = folder.resolve(BuildStart.MARK);
    }

    private Manifest build(Storage target, BuildMode mode) {
        return new IndexBuilder(
                        new ErraticEngine(VectorBlock.ofFloats(1, new float[40]), 2, "base"),
                        () -> target,
                        BuildOptions.of(Metric.L2),
                        (stage, seconds) -> {})
                .build(mode)
                .manifest();
    }

    private void die() {
        Storage failing = new FailingStorage(storage, new AtomicInteger(12));
        assertThatThrownBy(() -> build(failing, BuildMode.ERROR))
                .isInstanceOf(StorageException.class);
        assertThat(mark).exists();
    }

    /** Replaces the mark by what another version may have left. */
    private void change(String from, String to) throws IOException {
        String text = Files.readString(mark);
        assertThat(text).contains(from);
        Files.writeString(mark, text.replace(from, to));
    }

    private static final String FORMAT = "\"format\" : " + BuildMark.FORMAT + ",";

    @ParameterizedTest
    @ValueSource(strings = {"", "\"format\" : 2000000000,"})
    void a_build_begun_by_another_version_is_not_resumed_but_discarded(String other)
            throws IOException {
        die();
        String before = storage.list("data").get(0);
        change(FORMAT, other);
        assertThatThrownBy(() -> build(storage, BuildMode.RESUME))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "begun by another version of spark-spann; start anew with --mode"
                                + " overwrite");
        assertThat(mark).exists();
        assertThat(build(storage, BuildMode.OVERWRITE).snapshot()).isEqualTo(1);
        assertThat(mark).doesNotExist();
        assertThat(storage.list("data")).hasSize(1).doesNotContain(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = BuildMode.class,
            names = {"ERROR", "RESUME"})
    void a_mark_that_cannot_be_read_is_discarded_by_overwrite_alone(BuildMode mode)
            throws IOException {
        die();
        String before = storage.list("data").get(0);
        Files.writeString(mark, "no json");
        assertThatThrownBy(() -> build(storage, mode))
                .isInstanceOf(CorruptIndexException.class)
                .hasMessageContaining("--mode overwrite");
        assertThat(build(storage, BuildMode.OVERWRITE).snapshot()).isEqualTo(1);
        assertThat(storage.list("data")).hasSize(1).doesNotContain(before);
    }

    @Test
    void a_mark_that_was_cut_off_is_discarded_by_overwrite() throws IOException {
        die();
        String whole = Files.readString(mark);
        storage.delete("data");
        Files.writeString(mark, whole.substring(0, whole.length() / 2));
        assertThat(build(storage, BuildMode.OVERWRITE).snapshot()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(BuildMode.class)
    void a_file_of_the_user_with_the_name_of_the_mark_stays(BuildMode mode) throws IOException {
        Files.writeString(mark, "{\"target\": \"jar\"}");
        assertThatThrownBy(() -> build(storage, mode))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("build.json")
                .hasMessageContaining("use another directory");
        assertThat(mark).hasContent("{\"target\": \"jar\"}");
        assertThat(storage.list("")).containsExactly("build.json");
    }

    @ParameterizedTest
    @EnumSource(BuildMode.class)
    void a_file_in_the_place_of_the_data_folder_is_refused_and_stays(BuildMode mode)
            throws IOException {
        Path data = folder.resolve("data");
        Files.writeString(data, "mine");
        assertThatThrownBy(() -> build(storage, mode))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a folder 'data'");
        assertThat(data).hasContent("mine");
        assertThat(storage.list("")).containsExactly("data");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void an_empty_data_folder_of_the_user_stays_when_a_build_fails(int writes) throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Storage failing = new FailingStorage(storage, new AtomicInteger(writes));
        assertThatThrownBy(() -> build(failing, BuildMode.ERROR))
                .isInstanceOf(StorageException.class);
        assertThat(storage.list("")).containsExactly("data");
    }

    @Test
    void a_build_that_fails_does_not_discard_the_one_that_took_its_place() {
        BuildStart mine =
                BuildStart.of(
                        storage,
                        BuildMode.ERROR,
                        BuildOptions.of(Metric.L2),
                        new ErraticEngine(VectorBlock.ofFloats(1, new float[4]), 1, "a").table());
        BuildStart other =
                BuildStart.of(
                        storage,
                        BuildMode.OVERWRITE,
                        BuildOptions.of(Metric.L2),
                        new ErraticEngine(VectorBlock.ofFloats(1, new float[4]), 1, "b").table());
        mine.abandon(storage);
        assertThat(other.isMarked(storage)).isTrue();
        assertThat(storage.exists(other.folder())).isTrue();
        assertThat(storage.exists(mine.folder())).isFalse();
    }

    @Test
    void a_mark_that_names_a_folder_of_the_user_does_not_delete_it() {
        storage.putIfAbsent("data/mine/a", new byte[1]);
        storage.putIfAbsent(
                BuildStart.MARK,
                new BuildMark("data/mine", 1, java.util.Map.of(), java.util.Map.of()).toBytes());
        build(storage, BuildMode.OVERWRITE);
        assertThat(storage.exists("data/mine/a")).isTrue();
    }
}
