package io.sparkspann.cli;

import io.sparkspann.search.SpannIndex;
import io.sparkspann.storage.LocalStorage;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names an index on a local disk. */
public final class IndexMixin {
    @Option(
            names = "--index",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the index.")
    private Path directory;

    public Path directory() {
        return directory;
    }

    /**
     * @throws io.sparkspann.error.StorageException if it is a file
     */
    public LocalStorage storage() {
        return LocalStorage.of(directory);
    }

    /**
     * Opens the current snapshot; the caller closes it.
     *
     * @throws io.sparkspann.error.InvalidInputException if there is no index
     */
    public SpannIndex open() {
        return SpannIndex.open(storage());
    }
}
