package io.sparkspann.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a missing permission; made up, since some users may do everything. */
class LocalErrorsTest {
    private static final String ADVICE = "; change the permissions, or run as a user who has them";

    @TempDir Path folder;

    private String notCreated(Path root, String file) {
        IOException denied = new AccessDeniedException(root.resolve(file).toString());
        return LocalErrors.notCreated(root, root.resolve(file), denied).getMessage();
    }

    @Test
    void a_missing_permission_comes_before_what_could_not_be_done() {
        IOException denied = new AccessDeniedException("f");
        assertThat(LocalErrors.failed(Path.of("/d/f"), "cannot be listed", denied))
                .hasMessage("/d/f: permission denied: it cannot be listed" + ADVICE);
    }

    @Test
    void what_cannot_be_created_is_told_by_the_directory_that_the_user_knows() throws IOException {
        Path root = folder.resolve("index");
        assertThat(notCreated(root, "build.json"))
                .isEqualTo(root + ": permission denied: it cannot be made in " + folder + ADVICE);
        Files.createDirectory(root);
        assertThat(notCreated(root, "build.json"))
                .isEqualTo(
                        root
                                + ": permission denied: it does not let files be created in it"
                                + ADVICE);
        Path data = Files.createDirectory(root.resolve("data"));
        assertThat(notCreated(root, "data/b/f"))
                .isEqualTo(
                        root
                                + ": permission denied: it does not let files be created in "
                                + data
                                + ADVICE);
    }

    @Test
    void other_failures_name_the_file() {
        Path file = folder.resolve("f");
        assertThat(LocalErrors.notCreated(folder, file, new IOException("No space left")))
                .hasMessage(file + ": cannot be created: No space left");
    }
}
