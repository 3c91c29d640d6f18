package io.sparkspann.cli;

import io.sparkspann.error.SpannException;
import java.io.BufferedWriter;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Runs a command line and turns whatever happens into an exit code and at most one line on standard
 * error, which begins with the name of the program. Commands print through {@code
 * spec.commandLine().getOut()} and {@code getErr()}. One instance runs one command.
 */
public final class CommandRunner {
    /** Exit code when all was done. */
    public static final int DONE = 0;

    /** Exit code when the command failed. */
    public static final int FAILED = 1;

    /** Exit code when the command was used wrongly. */
    public static final int WRONG_USE = 2;

    private final RootCommand root;
    private final CommandLine line;
    private final PrintWriter out;
    private final PrintWriter err;

    private CommandRunner(RootCommand root, OutputStream out, OutputStream err) {
        this.root = root;
        this.out = writer(new PipeStream(out), false);
        this.err = writer(err, true);
        this.line =
                new CommandLine(root)
                        .setOut(this.out)
                        .setErr(this.err)
                        .setParameterExceptionHandler((e, args) -> wrongUse(e))
                        .setExecutionExceptionHandler((e, command, result) -> failed(e));
    }

    /**
     * Runs one command line.
     *
     * @return the exit code
     */
    public static int run(RootCommand root, String[] args, OutputStream out, OutputStream err) {
        return new CommandRunner(root, out, err).execute(args);
    }

    private static PrintWriter writer(OutputStream stream, boolean autoFlush) {
        return new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)),
                autoFlush);
    }

    private int execute(String[] args) {
        int code;
        try {
            code = line.execute(args);
            out.flush();
        } catch (RuntimeException | Error e) {
            code = failed(e);
        }
        err.flush();
        return code;
    }

    private int wrongUse(ParameterException e) {
        complain(WrongUse.describe(e));
        return WRONG_USE;
    }

    private int failed(Throwable e) {
        if (e instanceof PipeStream.ClosedException) {
            return DONE;
        }
        complain(describe(e));
        if (root.isDebug()) {
            e.printStackTrace(err);
        }
        return FAILED;
    }

    private static String describe(Throwable e) {
        if (e instanceof SpannException) {
            return e.getMessage();
        }
        if (isOutOfMemory(e)) {
            return "not enough memory: the Java heap has at most "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB, which the tasks on its cores share; give it more"
                    + " (SPANN_JAVA_OPTS=-Xmx8g, SPARK_SPANN_HEAP=8g), or run fewer tasks"
                    + " (--threads 1, --master 'local[1]'); a build continues with --mode resume";
        }
        return "unexpected error: " + e + "; run again with --debug for the details";
    }

    /** Engines wrap the errors of their tasks, and executors send them as text. */
    private static boolean isOutOfMemory(Throwable e) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof OutOfMemoryError || message.contains("Java heap space")) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** One line, whatever the message looks like. */
    private void complain(String message) {
        err.println(line.getCommandName() + ": " + message.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
