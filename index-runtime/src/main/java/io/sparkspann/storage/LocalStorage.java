package io.sparkspann.storage;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.vector.FileBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index directory on a local disk (or a network file system that is mounted like one).
 *
 * <p>{@link #putIfAbsent} writes and flushes a temporary file in the same folder and gives it its
 * final name by a hard link, which fails when the name is taken (an atomic move would overwrite).
 * On a file system without hard links (FAT, some FUSE mounts) the file is created exclusively under
 * its final name instead: still exactly one writer wins, but a reader may for a moment see it
 * incomplete, and a crash may leave it so. A crash may leave a file {@code .tmp-...}, which nobody
 * reads.
 *
 * <p>Symbolic links inside the root may be followed only as long as they stay inside; the root
 * itself may be one. Thread-safe and immutable.
 */
public final class LocalStorage implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStorage.class);
    private static final String TEMPORARY = ".tmp-";

    /** Makes a second name for a file; replaced in tests by file systems that behave worse. */
    interface HardLink {
        void create(Path link, Path existing) throws IOException;
    }

    private final Path root;
    private final HardLink hardLink;
    private final boolean found;

    LocalStorage(Path root, HardLink hardLink) {
        this.root = root.toAbsolutePath().normalize();
        this.hardLink = hardLink;
        this.found = Files.exists(this.root, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The directory {@code root}, which is made by the first write if it does not exist.
     *
     * @throws StorageException if {@code root} is a file
     */
    public static LocalStorage of(Path root) {
        LocalStorage storage = new LocalStorage(root, Files::createLink);
        if (Files.exists(storage.root) && !Files.isDirectory(storage.root)) {
            throw new StorageException(storage.root + ": is a file; name a directory", null);
        }
        return storage;
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public List<String> list(String folder) {
        Path path = folder.isEmpty() ? root : confined(folder);
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            if (Files.isRegularFile(path) && !path.equals(root)) {
                return List.of();
            }
            throw LocalErrors.failed(path, "cannot be listed", e);
        } catch (UncheckedIOException e) {
            throw LocalErrors.failed(path, "cannot be listed", e.getCause());
        }
    }

    @Override
    public boolean exists(String path) {
        Path file = confined(path);
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (IOException e) {
            // "No" must mean no: a missing permission is an error, not an absent file.
            if (isAbsent(file)) {
                return false;
            }
            Path shown = e instanceof AccessDeniedException ? root : file;
            throw LocalErrors.failed(shown, "cannot be examined", e);
        }
    }

    @Override
    public FileBytes open(String path) {
        Path file = confined(path);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new StorageException(file + ": is not a regular file", null);
        }
        return FileBytes.open(file, path);
    }

    @Override
    public OutputStream create(String path) {
        Path file = confined(path);
        try {
            LocalFolders.make(file.getParent());
            return new LocalFileOutput(file, file, openNew(file));
        } catch (IOException e) {
            throw LocalErrors.notCreated(root, file, e);
        }
    }

    @Override
    public Put putIfAbsent(String path, byte[] content) {
        Path file = confined(path);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Put.EXISTS;
        }
        Path folder = file.getParent();
        Path temporary = folder.resolve(TEMPORARY + UUID.randomUUID());
        try {
            LocalFolders.make(folder);
            try {
                write(temporary, file, content);
                return publish(file, temporary, content);
            } finally {
                discard(temporary);
            }
        } catch (IOException e) {
            throw LocalErrors.notCreated(root, file, e);
        }
    }

    @Override
    public void delete(String path) {
        Path file = confinedEntry(path);
        if (isAbsent(file)) {
            return;
        }
        try {
            LocalFolders.remove(file);
            if (Files.isDirectory(file.getParent())) {
                LocalFolders.sync(file.getParent());
            }
        } catch (IOException e) {
            throw LocalErrors.failed(file, "cannot be deleted", e);
        }
    }

    @Override
    public void removeIfUnused() {
        if (found) {
            return;
        }
        try {
            Files.deleteIfExists(root);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{}: is in use and stays", root);
        } catch (IOException e) {
            throw LocalErrors.failed(root, "cannot be deleted", e);
        }
    }

    private Put publish(Path file, Path temporary, byte[] content) throws IOException {
        Put put;
        try {
            hardLink.create(file, temporary);
            put = Put.CREATED;
        } catch (FileAlreadyExistsException e) {
            // A network file system may have repeated a request that had succeeded: then the link
            // is ours.
            put = isSame(file, temporary) ? Put.CREATED : Put.EXISTS;
        } catch (IOException | UnsupportedOperationException e) {
            put = resolve(file, temporary, content, e);
        }
        if (put == Put.CREATED) {
            LocalFolders.sync(file.getParent());
        }
        return put;
    }

    private static Put resolve(Path file, Path temporary, byte[] content, Exception failure)
            throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            boolean ours = isSame(file, temporary) || holds(file, content);
            return ours ? Put.CREATED : Put.EXISTS;
        }
        if (!lacksHardLinks(failure)) {
            throw (IOException) failure;
        }
        try {
            write(file, file, content);
            return Put.CREATED;
        } catch (FileAlreadyExistsException e) {
            return Put.EXISTS;
        }
    }

    private static boolean lacksHardLinks(Exception failure) {
        if (failure instanceof UnsupportedOperationException) {
            return true;
        }
        String reason =
                failure instanceof FileSystemException e ? String.valueOf(e.getReason()) : "";
        return reason.contains("not permitted") || reason.contains("not supported");
    }

    private static boolean isSame(Path file, Path temporary) throws IOException {
        try {
            return Files.isSameFile(file, temporary);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    /** Creates, fills and flushes a file; removes it again if that fails half way. */
    private static void write(Path file, Path shown, byte[] content) throws IOException {
        FileChannel channel = openNew(file);
        try (LocalFileOutput output = new LocalFileOutput(file, shown, channel)) {
            output.write(content, 0, content.length);
        } catch (StorageException e) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // The outcome of the put stands; what is left over is only a name that nobody reads.
            LOG.warn("{}: temporary file cannot be deleted: {}", temporary, LocalErrors.cause(e));
        }
    }

    private static FileChannel openNew(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Whether there certainly is nothing, be it because a parent is a file. */
    private static boolean isAbsent(Path file) {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        Path parent = file.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && Files.isRegularFile(parent);
    }

    /**
     * The file of {@code path}, refused if it or a folder on the way is a symbolic link out of the
     * root.
     */
    private Path confined(String path) {
        Path file = root.resolve(StoragePath.check(path));
        checkInside(file, path);
        return file;
    }

    /**
     * As {@link #confined}, but {@code path} itself may be a link to anywhere, for it will not be
     * followed.
     */
    private Path confinedEntry(String path) {
        Path file = root.resolve(StoragePath.check(path));
        checkInside(file.getParent(), path);
        return file;
    }

    private void checkInside(Path file, String path) {
        Path existing = file;
        while (!existing.equals(root) && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing.equals(root)) {
            return;
        }
        try {
            if (existing.toRealPath().startsWith(root.toRealPath())) {
                return;
            }
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(existing)) {
                throw refused(path, "is a symbolic link to nothing");
            }
            checkInside(existing.getParent(), path);
            return;
        } catch (IOException e) {
            throw LocalErrors.failed(existing, "cannot be resolved", e);
        }
        throw refused(path, "leads through a symbolic link out of the directory");
    }

    private InvalidInputException refused(String path, String problem) {
        return new InvalidInputException(
                "Path '" + path + "' in " + root + " is refused: it " + problem);
    }
}
