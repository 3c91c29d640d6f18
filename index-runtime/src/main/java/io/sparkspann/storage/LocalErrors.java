package io.sparkspann.storage;

import io.sparkspann.error.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Failures of the local file system in one line of plain words. */
final class LocalErrors {
    private LocalErrors() {}

    static StorageException failed(Path path, String what, IOException e) {
        return new StorageException(path + ": " + what + ": " + cause(e), e);
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
        if (e instanceof NotDirectoryException) {
            return "it is not a folder";
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
