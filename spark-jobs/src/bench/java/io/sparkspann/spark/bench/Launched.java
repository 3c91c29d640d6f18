package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of {@code spark-spann} that ran in a fresh process.
 *
 * @param result the JSON that it printed last
 * @param process what it took; its stages as the event log has them are not there yet
 */
record Launched(JsonNode result, ScaleRun.Process process) {
    private static final Pattern STAGE =
            Pattern.compile("^stage (.+) done in ([0-9.]+) s$", Pattern.MULTILINE);
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+) kB");
    private static final Pattern WRITTEN = Pattern.compile("\\bwrite_bytes: (\\d+)");
    private static final long POLL_MILLIS = 50;

    /**
     * Runs the launcher.
     *
     * @param arguments of the command
     * @param heap of the JVM, such as {@code 2g}
     * @param log file for its standard error
     * @throws InvalidInputException if it fails, with its last line
     */
    static Launched run(List<String> arguments, String heap, Path log)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("bench.launcher"));
        command.addAll(arguments);
        Path out = log.resolveSibling(log.getFileName() + ".out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SPARK_SPANN_HEAP", heap);
        builder.environment().remove("SPARK_HOME");
        builder.redirectError(log.toFile()).redirectOutput(out.toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        Thread end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        long peak = 0;
        long written = 0;
        // The launcher becomes the JVM, so the process stays the same.
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        while (process.isAlive()) {
            peak = Math.max(peak, 1024 * number(PEAK, proc.resolve("status")));
            written = Math.max(written, number(WRITTEN, proc.resolve("io")));
            Thread.sleep(POLL_MILLIS);
        }
        Runtime.getRuntime().removeShutdownHook(end);
        double wall = (System.nanoTime() - start) / 1e9;
        String errors = Files.readString(log, StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
            throw new InvalidInputException(
                    arguments.get(0)
                            + " failed: "
                            + errors.strip().lines().reduce("", (a, b) -> b)
                            + "; all of it is in "
                            + log);
        }
        List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        JsonNode result = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        ScaleRun.Process took =
                new ScaleRun.Process(
                        result.path("seconds").asDouble(),
                        wall,
                        peak,
                        written,
                        stageSeconds(errors),
                        Map.of());
        return new Launched(result, took);
    }

    /** Zero where the system does not tell. */
    private static long number(Pattern pattern, Path file) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file, StandardCharsets.UTF_8));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        } catch (IOException e) {
            // The process has just ended, or the system has no such file.
            return 0;
        }
    }

    private static Map<String, Double> stageSeconds(String errors) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        Matcher matcher = STAGE.matcher(errors);
        while (matcher.find()) {
            seconds.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        }
        return seconds;
    }

    /** The process with its stages. */
    ScaleRun.Process with(Map<String, StageRun> stages) {
        return new ScaleRun.Process(
                process.seconds(),
                process.wallSeconds(),
                process.peakBytes(),
                process.writtenBytes(),
                process.stageSeconds(),
                stages);
    }
}
