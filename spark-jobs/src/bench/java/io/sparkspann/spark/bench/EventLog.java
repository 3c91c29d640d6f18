package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Spark's event log of one application, uncompressed and in one file. */
final class EventLog {
    private static final String BUILD = "spann build ";
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Map<Integer, String> descriptions = new HashMap<>();
    private final TreeMap<Integer, StageRun> stages = new TreeMap<>();

    /** Numbers of the stages of the job that began last. */
    private final TreeSet<Integer> lastJob = new TreeSet<>();

    private EventLog() {}

    /** Settings that make Spark write such a log. */
    static List<String> settings(Path folder) {
        return List.of(
                "spark.eventLog.enabled=true",
                "spark.eventLog.compress=false",
                "spark.eventLog.rolling.enabled=false",
                "spark.eventLog.dir=" + folder.toUri());
    }

    /** Reads the only log in a folder. */
    static EventLog read(Path folder) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file =
                    files.filter(each -> !each.getFileName().toString().startsWith("."))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new InvalidInputException(
                                                    folder + ": no event log; run again"));
        }
        EventLog log = new EventLog();
        ObjectMapper mapper = new ObjectMapper();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(mapper.readTree(line));
            }
        }
        return log;
    }

    private void add(JsonNode event) {
        String type = event.path("Event").asText();
        if (type.equals("SparkListenerJobStart")) {
            JsonNode description = event.path("Properties").path("spark.job.description");
            lastJob.clear();
            for (JsonNode stage : event.path("Stage IDs")) {
                descriptions.put(stage.asInt(), description.asText(""));
                lastJob.add(stage.asInt());
            }
        } else if (type.equals("SparkListenerTaskEnd")
                && event.path("Task End Reason").path("Reason").asText().equals("Success")) {
            JsonNode metrics = event.path("Task Metrics");
            JsonNode read = metrics.path("Shuffle Read Metrics");
            double cpu = metrics.path("Executor CPU Time").asLong() / NANOS;
            StageRun task =
                    new StageRun(
                            1,
                            cpu,
                            metrics.path("Executor Run Time").asLong() / MILLIS,
                            cpu,
                            metrics.path("Shuffle Write Metrics")
                                    .path("Shuffle Bytes Written")
                                    .asLong(),
                            read.path("Local Bytes Read").asLong()
                                    + read.path("Remote Bytes Read").asLong());
            stages.merge(event.path("Stage ID").asInt(), task, StageRun::plus);
        }
    }

    /** Stages of a build by name; what ran several times under one name is added up. */
    Map<String, StageRun> build() {
        Map<String, StageRun> named = new LinkedHashMap<>();
        stages.forEach(
                (stage, run) -> {
                    String name = descriptions.getOrDefault(stage, "");
                    if (name.startsWith(BUILD)) {
                        named.merge(name.substring(BUILD.length()), run, StageRun::plus);
                    }
                });
        return named;
    }

    /** Stages of a join by the names that plans have; its job is the last one. */
    Map<String, StageRun> join() {
        List<String> names =
                lastJob.size() == 2
                        ? List.of("join: group", "join: search")
                        : List.of("join: group", "join: route", "join: scan", "join: merge");
        Map<String, StageRun> named = new LinkedHashMap<>();
        Iterator<String> next = names.iterator();
        for (int stage : lastJob) {
            named.put(next.next(), stages.getOrDefault(stage, StageRun.NONE));
        }
        return named;
    }
}
