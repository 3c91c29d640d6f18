package io.sparkspann.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says how many threads work. */
public final class ThreadsMixin {
    private static final int MOST = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads, 1 to 1024 (default: one for each core).")
    private Integer threads;

    /**
     * @throws ParameterException if the number is out of range
     */
    public int threads() {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1 || count > MOST) {
            throw new ParameterException(
                    command.commandLine(), "threads is " + count + "; use 1 to " + MOST);
        }
        return count;
    }
}
