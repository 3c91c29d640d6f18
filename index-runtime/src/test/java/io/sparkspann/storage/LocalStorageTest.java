package io.sparkspann.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {
    private static final byte[] OURS = {1, 2, 3};
    private static final byte[] THEIRS = {4, 5, 6};

    @TempDir Path folder;

    @Override
    protected Storage newStorage() {
        return LocalStorage.of(folder.resolve("index"));
    }

    @Test
    void rootThatIsAFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> LocalStorage.of(file))
                .isInstanceOf(StorageException.class)
                .hasMessage(file + ": is a file; name a directory");
    }

    @Test
    void rootBelowAFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> LocalStorage.of(file.resolve("index")).create("a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file + " is not a folder");
    }

    @Test
    void rootMayBeASymbolicLink() throws IOException {
        Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        Storage storage = LocalStorage.of(link);
        storage.putIfAbsent("data/f", OURS);
        assertThat(storage.exists("data/f")).isTrue();
        assertThat(folder.resolve("real/data/f")).hasBinaryContent(OURS);
    }

    @Test
    void symbolicLinksOutOfTheRootAreRefused() throws IOException {
        Path root = Files.createDirectory(folder.resolve("index"));
        Path twin = Files.createDirectory(folder.resolve("index-twin"));
        Files.write(twin.resolve("secret"), THEIRS);
        Files.createSymbolicLink(root.resolve("folder"), twin);
        Files.createSymbolicLink(root.resolve("file"), twin.resolve("secret"));
        Files.createSymbolicLink(root.resolve("dangling"), folder.resolve("nothing"));
        Storage storage = LocalStorage.of(root);
        for (String path : new String[] {"folder/secret", "folder/new", "file", "dangling"}) {
            assertThatThrownBy(() -> storage.open(path)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> storage.exists(path))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> storage.create(path))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> storage.putIfAbsent(path, OURS))
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> storage.list("folder"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("symbolic link out of the directory");
        assertThatThrownBy(() -> storage.delete("folder/secret"))
                .isInstanceOf(InvalidInputException.class);
        assertThat(twin.resolve("secret")).hasBinaryContent(THEIRS);
        assertThat(twin).isDirectoryNotContaining("glob:**/new");
    }

    @Test
    void symbolicLinksInsideTheRootAreFollowed() throws IOException {
        Path root = Files.createDirectory(folder.resolve("index"));
        Storage storage = LocalStorage.of(root);
        storage.putIfAbsent("data/f", OURS);
        Files.createSymbolicLink(root.resolve("alias"), root.resolve("data"));
        assertThat(storage.exists("alias/f")).isTrue();
    }

    @Test
    void deleteRemovesALinkAndNotItsTarget() throws IOException {
        Path root = Files.createDirectories(folder.resolve("index/data"));
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.write(outside.resolve("f"), THEIRS);
        Files.createSymbolicLink(root.resolve("link"), outside);
        Storage storage = newStorage();
        storage.delete("data");
        assertThat(storage.exists("data")).isFalse();
        assertThat(outside.resolve("f")).hasBinaryContent(THEIRS);
    }

    @Test
    void failedWriteFailsCloseToo() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "needs the Linux device of a full disk");
        FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE);
        OutputStream output = new LocalFileOutput(full, full, channel);
        assertThatThrownBy(() -> output.write(OURS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("/dev/full: cannot be written: No space left on device");
        assertThatThrownBy(output::close)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("an earlier write failed");
        assertThat(channel.isOpen()).isFalse();
        output.close();
    }

    @Test
    void missingPermissionIsSaidInOneLine() throws IOException {
        Path root = Files.createDirectory(folder.resolve("index"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(root), "the superuser may write everywhere");
        Storage storage = newStorage();
        assertThatThrownBy(() -> storage.create("f"))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        root
                                + ": permission denied: it does not let files be created in it;"
                                + " change the permissions, or run as a user who has them");
        assertThatThrownBy(() -> storage.putIfAbsent("f", OURS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void fileSystemWithoutHardLinksStillHasOneWinner() throws IOException {
        Storage storage =
                linking(
                        (link, existing) -> {
                            throw new UnsupportedOperationException("no links");
                        });
        assertThat(storage.putIfAbsent("a/f", OURS)).isEqualTo(Storage.Put.CREATED);
        assertThat(storage.putIfAbsent("a/f", OURS)).isEqualTo(Storage.Put.EXISTS);
        assertThat(storage.list("a")).containsExactly("f");
        assertThat(folder.resolve("index/a/f")).hasBinaryContent(OURS);
    }

    @Test
    void withoutHardLinksALateRivalWins() {
        Storage storage =
                linking(
                        (link, existing) -> {
                            throw new FileSystemException(
                                    link.toString(),
                                    existing.toString(),
                                    "Operation not permitted");
                        });
        assertThat(storage.putIfAbsent("f", OURS)).isEqualTo(Storage.Put.CREATED);
        Storage late =
                linking(
                        (link, existing) -> {
                            Files.write(link, THEIRS);
                            throw new UnsupportedOperationException();
                        });
        assertThat(late.putIfAbsent("g", OURS)).isEqualTo(Storage.Put.EXISTS);
        assertThat(folder.resolve("index/g")).hasBinaryContent(THEIRS);
    }

    @Test
    void lostAnswerOfASuccessfulLinkIsResolved() {
        Storage storage =
                linking(
                        (link, existing) -> {
                            Files.createLink(link, existing);
                            throw new IOException("Connection timed out");
                        });
        assertThat(storage.putIfAbsent("f", OURS)).isEqualTo(Storage.Put.CREATED);
        assertThat(storage.list("")).containsExactly("f");
    }

    @Test
    void repeatedRequestOfASuccessfulLinkIsResolved() {
        Storage storage =
                linking(
                        (link, existing) -> {
                            Files.createLink(link, existing);
                            Files.createLink(link, existing);
                        });
        assertThat(storage.putIfAbsent("f", OURS)).isEqualTo(Storage.Put.CREATED);
    }

    @Test
    void lostAnswerWithARivalsFileIsAConflict() {
        Storage storage =
                linking(
                        (link, existing) -> {
                            Files.write(link, THEIRS);
                            throw new IOException("Connection timed out");
                        });
        assertThat(storage.putIfAbsent("f", OURS)).isEqualTo(Storage.Put.EXISTS);
        assertThat(folder.resolve("index/f")).hasBinaryContent(THEIRS);
    }

    @Test
    void failedLinkLeavesNothing() {
        Storage storage =
                linking(
                        (link, existing) -> {
                            throw new IOException("Input/output error");
                        });
        assertThatThrownBy(() -> storage.putIfAbsent("f", OURS))
                .isInstanceOf(StorageException.class)
                .hasMessage(folder.resolve("index/f") + ": cannot be created: Input/output error");
        assertThat(storage.list("")).isEmpty();
    }

    private Storage linking(LocalStorage.HardLink hardLink) {
        return new LocalStorage(folder.resolve("index"), hardLink);
    }
}
