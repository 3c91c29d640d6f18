package io.sparkspann.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes with a folder of a build, and what is somebody's. */
class BuildFolderTest {
    @TempDir Path root;

    private final BuildFolder folder =
            BuildFolder.of("data/123e4567-e89b-12d3-a456-426614174000").orElseThrow();

    private Storage storage;

    @BeforeEach
    void claim() {
        storage = LocalStorage.of(root);
        folder.claim(storage);
    }

    @Test
    void an_empty_folder_that_a_stopped_task_left_goes() throws IOException {
        Files.createDirectory(root.resolve(folder.file("staging")));
        folder.remove(storage);
        assertThat(root.resolve(folder.path())).doesNotExist();
    }

    @Test
    void a_file_in_its_place_stays() throws IOException {
        Path file = root.resolve(folder.file("staging"));
        Files.writeString(file, "mine");
        folder.remove(storage);
        assertThat(file).hasContent("mine");
    }
}
