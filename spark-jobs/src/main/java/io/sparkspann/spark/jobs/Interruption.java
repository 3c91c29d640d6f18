package io.sparkspann.spark.jobs;

import io.sparkspann.spark.error.Redaction;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Watches over a job: if a signal (Ctrl-C, kill) ends the JVM before the job is done, one line says
 * so, and standard error is closed after it, since whatever fails because Spark goes down is no
 * news. The JVM then ends with 128 plus the number of the signal.
 */
final class Interruption {
    /** Spark stops its sessions at 30 above, so before that. */
    private static final int BEFORE_SPARK_STOPS = FileSystem.SHUTDOWN_HOOK_PRIORITY + 60;

    /** File systems are still open. */
    private static final int AFTER_SPARK_STOPPED = FileSystem.SHUTDOWN_HOOK_PRIORITY + 10;

    private final CommandSpec command;
    private final Job job;
    private final Runnable sayHook = this::say;
    private final Runnable cleanUpHook = this::cleanUp;

    /** What a job does when it is interrupted. Called from other threads. */
    interface Job {
        /** What to say: what is left, and how to go on. */
        String interrupted();

        /** Called when Spark has been stopped. */
        default void cleanUp() {}
    }

    Interruption(CommandSpec command, Job job) {
        this.command = command;
        this.job = job;
        ShutdownHookManager.get().addShutdownHook(sayHook, BEFORE_SPARK_STOPS);
        ShutdownHookManager.get().addShutdownHook(cleanUpHook, AFTER_SPARK_STOPPED);
    }

    private void say() {
        if (isSignalled()) {
            String line = command.root().name() + ": " + Redaction.redact(job.interrupted());
            command.commandLine().getErr().println(line);
            command.commandLine().getErr().close();
        }
    }

    private void cleanUp() {
        if (isSignalled()) {
            job.cleanUp();
        }
    }

    /** Whether a signal ends the JVM, rather than a call of {@link System#exit}. */
    private static boolean isSignalled() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().matches("SIG[A-Z]+ handler"));
    }

    /** To be called when the job has ended. */
    void end() {
        try {
            ShutdownHookManager.get().removeShutdownHook(sayHook);
            ShutdownHookManager.get().removeShutdownHook(cleanUpHook);
        } catch (IllegalStateException e) {
            if (!ShutdownHookManager.get().isShutdownInProgress()) {
                throw e;
            }
        }
    }
}
