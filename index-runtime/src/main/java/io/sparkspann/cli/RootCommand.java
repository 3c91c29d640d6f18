package io.sparkspann.cli;

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

    @Override
    public final Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "No command given; use one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
