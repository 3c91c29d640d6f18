package io.sparkspann.storage;

import io.sparkspann.error.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Failures of the local file system in one line of plain words. */
final class LocalErrors {
    private static final String ADVICE = "; change the permissions, or run as a user who has them";

    private LocalErrors() {}

    static StorageException failed(Path path, String what, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new StorageException(path + ": permission denied: it " + what + ADVICE, e);
        }
        return new StorageException(path + ": " + what + ": " + cause(e), e);
    }

    /**
     * A file that cannot be created.
     *
     * @param root the directory that the user knows, which is named if a permission lacks
     */
    static StorageException notCreated(Path root, Path file, IOException e) {
        if (!(e instanceof AccessDeniedException)) {
            return failed(file, "cannot be created", e);
        }
        Path folder = file.getParent();
        while (folder.getParent() != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        String where = folder.equals(root) ? "it" : folder.toString();
        return failed(
                root,
                folder.startsWith(root)
                        ? "does not let files be created in " + where
                        : "cannot be made in " + where,
                e);
    }

    /** What went wrong, without the path that most messages of the file system begin with. */
    static String cause(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of that name exists already";
        }
        if (e instanceof NotDirectoryException file) {
            return file.getFile() + " is not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "another process writes into the folder";
        }
        String text = e.getMessage();
        if (e instanceof FileSystemException inFile && inFile.getReason() != null) {
            text = inFile.getReason();
        }
        return text == null ? e.getClass().getSimpleName() : text.lines().findFirst().orElse("");
    }
}
