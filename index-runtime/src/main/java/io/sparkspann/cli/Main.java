package io.sparkspann.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import picocli.CommandLine.Command;

/** The command {@code spann}: builds and serves an index in one process. */
@Command(
        name = "spann",
        description = "Builds, searches and checks SPANN vector indexes in one process.",
        subcommands = {
            CreateCommand.class,
            SearchCommand.class,
            ExactCommand.class,
            RangeCommand.class,
            EvaluateCommand.class,
            InfoCommand.class,
            VerifyCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.",
            "Example: spann create --input base.fvecs --index words.index --metric cosine"
        })
public final class Main extends RootCommand {
    private Main() {}

    /** Runs and ends the JVM with the exit code. */
    public static void main(String[] args) {
        System.exit(
                run(
                        args,
                        new FileOutputStream(FileDescriptor.out),
                        new FileOutputStream(FileDescriptor.err)));
    }

    /**
     * Runs one command line.
     *
     * @param out receives the results
     * @param err receives progress and errors
     * @return the exit code
     */
    public static int run(String[] args, OutputStream out, OutputStream err) {
        return CommandRunner.run(new Main(), args, out, err);
    }
}
