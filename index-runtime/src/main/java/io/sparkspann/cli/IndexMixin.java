package io.sparkspann.cli;

import io.sparkspann.search.SpannIndex;
import io.sparkspann.storage.Storage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that names an index. */
public final class IndexMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--index",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the index.")
    private String directory;

    public String directory() {
        return directory;
    }

    /**
     * @throws io.sparkspann.error.StorageException if it is a file
     */
    public Storage storage() {
        return RootCommand.of(command).storage(directory);
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
