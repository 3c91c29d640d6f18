package io.sparkspann.spark.jobs;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A job that {@code spark-submit} runs with the packaged jar on a cluster of this machine: a
 * master, two workers with an executor each, in JVMs of their own.
 */
final class SubmittedJob {
    private static final String MASTER = "local-cluster[2,1,1200]";

    private final Path sparkHome;

    private SubmittedJob(Path sparkHome) {
        this.sparkHome = sparkHome;
    }

    /** Makes a folder that is to Spark its installation: links to the jars of the class path. */
    static SubmittedJob in(Path folder) throws IOException {
        Path jars = Files.createDirectories(folder.resolve("spark-home").resolve("jars"));
        String classPath = Files.readString(Path.of("target", "spark-classpath")).strip();
        for (String jar : classPath.split(File.pathSeparator)) {
            Path link = jars.resolve(Path.of(jar).getFileName());
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, Path.of(jar));
            }
        }
        return new SubmittedJob(jars.getParent());
    }

    /**
     * What a job left.
     *
     * @param out lines of standard output
     * @param lines all lines
     */
    record Outcome(int exit, List<String> lines) {}

    /**
     * Runs a job to its end.
     *
     * @param settings {@code key=value}
     * @param watcher hears of each line that the job prints
     */
    Outcome run(List<String> settings, Consumer<SubmittedLine> watcher, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                Arrays.asList(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
        command.add("--add-modules=jdk.incubator.vector");
        command.add("-Xmx800m");
        command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
        command.add("-cp");
        command.add(sparkHome.resolve("jars") + "/*");
        command.add("org.apache.spark.deploy.SparkSubmit");
        command.addAll(List.of("--master", MASTER));
        for (String setting :
                List.of(
                        "spark.driver.host=127.0.0.1",
                        "spark.ui.enabled=false",
                        "spark.executor.memory=1000m",
                        "spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector",
                        "spark.local.dir=" + sparkHome.resolve("local"))) {
            command.addAll(List.of("--conf", setting));
        }
        settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
        command.addAll(List.of("--class", "io.sparkspann.spark.jobs.Main"));
        command.add(Path.of("target", "spark-jobs-all.jar").toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SPARK_HOME", sparkHome.toString());
        builder.environment().put("SPARK_SCALA_VERSION", System.getProperty("scala.version"));
        builder.directory(sparkHome.toFile());
        Process process = builder.start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                watcher.accept(new SubmittedLine(line, process));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        return new Outcome(process.waitFor(), lines);
    }

    /** A line of a job that still runs. */
    record SubmittedLine(String text, Process process) {
        /** Ends one of the executors, as a lost machine would. */
        boolean killExecutor() {
            return process.descendants()
                    .filter(
                            child ->
                                    child.info()
                                            .commandLine()
                                            .orElse("")
                                            .contains("CoarseGrainedExecutorBackend"))
                    .findFirst()
                    .map(ProcessHandle::destroyForcibly)
                    .orElse(false);
        }
    }
}
