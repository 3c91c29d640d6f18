package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.file.VectorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Everything that was measured on one set of vectors and one machine: the JSON file.
 *
 * @param dates when runs ended
 */
record Results(Data data, Machine machine, List<String> dates, List<Point> points) {
    /** The vectors. */
    record Data(
            String base, long vectors, int dimensions, String type, String metric, long queries) {
        static Data of(Settings settings) {
            try (VectorFile base = DataFiles.open(settings.base());
                    VectorFile queries = DataFiles.open(settings.queries())) {
                return new Data(
                        Path.of(settings.base()).getFileName().toString(),
                        base.size(),
                        base.dimensions(),
                        base.elementType().label(),
                        settings.metric(),
                        queries.size());
            }
        }
    }

    /** The machine. */
    record Machine(String cpu, int cores, String system) {
        static Machine here() throws IOException {
            return new Machine(
                    cpuName(),
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"));
        }

        private static String cpuName() throws IOException {
            Path info = Path.of("/proc/cpuinfo");
            if (!Files.exists(info)) {
                return System.getProperty("os.arch");
            }
            return Files.readAllLines(info, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    static Results now(Settings settings, List<Point> points) throws IOException {
        String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Results(Data.of(settings), Machine.here(), List.of(date), points);
    }

    static Results read(Path file) throws IOException {
        return new ObjectMapper().readValue(file.toFile(), Results.class);
    }

    void write(Path file) throws IOException {
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file.toFile(), this);
    }

    /** Both; what was measured twice is taken from the other one. */
    Results merge(Results other) {
        if (!data.equals(other.data) || !machine.equals(other.machine)) {
            throw new InvalidInputException(
                    "Results of different vectors or machines cannot be compared: "
                            + data
                            + " on "
                            + machine
                            + ", and "
                            + other.data
                            + " on "
                            + other.machine);
        }
        Map<List<Object>, Point> merged = new LinkedHashMap<>();
        for (Results each : List.of(this, other)) {
            for (Point point : each.points) {
                merged.put(key(point), point);
            }
        }
        TreeSet<String> allDates = new TreeSet<>(dates);
        allDates.addAll(other.dates);
        return new Results(data, machine, List.copyOf(allDates), new ArrayList<>(merged.values()));
    }

    private static List<Object> key(Point point) {
        return List.of(
                point.system().name(),
                point.phase(),
                point.k() == null ? 0 : point.k(),
                point.setting(),
                point.threads());
    }
}
