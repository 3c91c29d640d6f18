package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * One part in a JVM of its own. Arguments: name of the part, file of settings, file that each point
 * is appended to as a line of JSON.
 */
final class PartMain {
    private PartMain() {}

    public static void main(String[] args) throws Exception {
        // Standard output is the report's.
        System.setOut(
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        Settings settings = new ObjectMapper().readValue(Path.of(args[1]).toFile(), Settings.class);
        run(Part.valueOf(args[0]), settings, appender(Path.of(args[2])));
    }

    private static Consumer<Point> appender(Path file) {
        ObjectMapper mapper = new ObjectMapper();
        return point -> {
            System.err.println("  " + Lines.of(point));
            try {
                Files.writeString(
                        file,
                        mapper.writeValueAsString(point) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void run(Part part, Settings settings, Consumer<Point> points) throws Exception {
        PeerPart peers = new PeerPart(settings, points);
        switch (part) {
            case OURS_TABLES -> Tables.write(settings);
            case OURS_BUILD -> OurBuild.run(settings, points);
            case OURS_SEARCH -> new OurSearch(settings, points).run();
            case OURS_JOIN -> OurJoin.run(settings, points);
            case HNSWLIB_CORE -> peers.run(new HnswlibCore(settings.metricValue()));
            case JVECTOR -> peers.run(new JVectorGraph(settings.metricValue()));
            case LUCENE ->
                    peers.run(new LuceneHnsw(settings.metricValue(), settings.file("lucene")));
            case NEAREST_BY -> NearestBy.run(settings, points);
            case HNSWLIB -> throw new IllegalArgumentException("a program of its own");
        }
    }
}
