package io.sparkspann.spark.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with this one's class path and flags, which a test can kill. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private ChildJvm(Process process) {
        this.process = process;
        this.lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a main class; its standard error is this process's.
     *
     * @param heap as in {@code -Xmx}
     */
    public static ChildJvm start(Class<?> main, String heap, String... arguments)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(main, heap, arguments));
        return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Starts a main class; its lines are those of standard output and standard error. */
    public static ChildJvm startMerged(Class<?> main, String heap, String... arguments)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(main, heap, arguments));
        return new ChildJvm(builder.redirectErrorStream(true).start());
    }

    private static List<String> command(Class<?> main, String heap, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xmx") && !flag.startsWith("-javaagent")) {
                command.add(flag);
            }
        }
        String logging = System.getProperty("log4j2.configurationFile");
        if (logging != null) {
            command.add("-Dlog4j2.configurationFile=" + logging);
        }
        command.add("-Xmx" + heap);
        command.add("-cp");
        String own = System.getProperty("java.class.path");
        command.add(System.getProperty("surefire.test.class.path", own));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Reads on until the process prints this line. */
    public void awaitLine(String wanted) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.equals(wanted)) {
            line = lines.readLine();
        }
        assertThat(line).as("the child process ended early").isEqualTo(wanted);
    }

    /** Reads on until the process prints a line that begins so. */
    public void awaitLineOf(String beginning) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = lines.readLine();
        }
        assertThat(line).as("the child process ended early").isNotNull();
    }

    /** Sends a signal, such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        String[] kill = {"kill", "-" + name, Long.toString(process.pid())};
        assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
    }

    /** All lines until the end. */
    public List<String> awaitLines() throws IOException {
        List<String> rest = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            rest.add(line);
        }
        return rest;
    }

    /** Waits for the end. */
    public int awaitExitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Waits for the end and requires that all went well. */
    public void awaitEnd() throws IOException, InterruptedException {
        while (lines.readLine() != null) {
            continue;
        }
        assertThat(process.waitFor()).isZero();
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
