package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.spark.bench.Point.Asked;
import io.sparkspann.vector.file.VectorFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a native program that measures hnswlib with {@code base query truth n threads M
 * efConstruction metric}, and prints a line of JSON for the build and for each ef, for k = 10.
 */
final class NativeHnswlib {
    private static final int K = 10;
    private static final Point.Measured SYSTEM = new Point.Measured("hnswlib", "C++", "", "");

    private NativeHnswlib() {}

    static List<Point> run(Settings settings) throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        if (settings.hnswlib().isEmpty()) {
            System.err.println("SKIPPED hnswlib: give the program with --hnswlib");
            return points;
        }
        long queries;
        try (VectorFile file = DataFiles.open(settings.queries())) {
            queries = file.size();
        }
        Process process =
                new ProcessBuilder(
                                settings.hnswlib(),
                                settings.base(),
                                settings.queries(),
                                settings.truth(),
                                "0",
                                Integer.toString(settings.threads()),
                                Integer.toString(Settings.M),
                                Integer.toString(Settings.EF_CONSTRUCTION),
                                settings.metric())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        ObjectMapper mapper = new ObjectMapper();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Point point = point(mapper.readTree(line), queries);
                System.err.println("  " + Lines.of(point));
                points.add(point);
            }
        }
        int code = Children.waitFor(process);
        if (code != 0) {
            throw new InvalidInputException(
                    settings.hnswlib() + ": failed with exit code " + code + "; see its output");
        }
        return points;
    }

    private static Point point(JsonNode line, long queries) {
        int threads = line.path("threads").asInt();
        if (line.path("phase").asText().equals("build")) {
            return Point.build(
                    SYSTEM,
                    threads,
                    line.path("seconds").asDouble(),
                    "M " + Settings.M + ", efConstruction " + Settings.EF_CONSTRUCTION);
        }
        Asked asked = new Asked(K, "ef " + line.path("ef").asInt(), threads, queries);
        return Point.throughput(
                SYSTEM,
                Point.BATCH,
                asked,
                line.path("recall").asDouble(),
                queries / line.path("queries_per_second").asDouble());
    }
}
