package io.sparkspann.cli;

import io.sparkspann.storage.LocalStorage;
import io.sparkspann.storage.Storage;
import io.sparkspann.vector.ByteSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * What a program is before one of its commands is chosen. Extend it with an annotation that names
 * the program and its subcommands; all of them get {@code --debug}, {@code --help} and {@code
 * --version}. Not thread-safe.
 */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        sortOptions = false)
public abstract class RootCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error.")
    private boolean debug;

    /** Whether stack traces are wanted. */
    public final boolean isDebug() {
        return debug;
    }

    /**
     * Opens an index directory by the text that a user gives for it; on a local disk, unless
     * overridden.
     */
    public Storage storage(String location) {
        return LocalStorage.of(Path.of(location));
    }

    /** Opens a file by the text that a user gives for it; on a local disk, unless overridden. */
    public ByteSource file(String location) {
        return InputFiles.local(Path.of(location));
    }

    /** The program that a command belongs to. */
    static RootCommand of(CommandSpec command) {
        return (RootCommand) command.root().userObject();
    }

    @Override
    public final Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "No command given; use one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
