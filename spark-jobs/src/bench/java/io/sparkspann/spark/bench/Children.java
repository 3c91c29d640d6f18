package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.InvalidInputException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** Runs a part in a fresh JVM, so that no part finds code compiled for another one. */
final class Children {
    /** The first Java that current releases of Lucene run on. */
    private static final int JAVA_OF_NEWEST_LUCENE = 21;

    /** The first Java on which both JVector and Lucene have all of their SIMD code. */
    private static final int JAVA_OF_PEERS_SIMD = 22;

    private static final String[] OPENED = {
        "java.lang",
        "java.lang.invoke",
        "java.lang.reflect",
        "java.io",
        "java.net",
        "java.nio",
        "java.util",
        "java.util.concurrent",
        "java.util.concurrent.atomic",
        "jdk.internal.ref",
        "sun.nio.ch",
        "sun.nio.cs",
        "sun.util.calendar"
    };

    private final Settings settings;
    private final Path java;
    private final Path peerJava;
    private final Path newestLucene;
    private final List<String> failed = new ArrayList<>();

    /**
     * @param java home of the Java for this project's parts and for Spark
     * @param peerJava home of the Java for the peers
     * @param newestLucene folder with the Lucene that needs Java 21
     */
    Children(Settings settings, Path java, Path peerJava, Path newestLucene) {
        this.settings = settings;
        this.java = java;
        this.peerJava = peerJava;
        this.newestLucene = newestLucene;
    }

    /** Runs a part to its end and hands back what it measured. */
    List<Point> run(Part part) throws IOException, InterruptedException {
        ObjectMapper mapper = new ObjectMapper();
        Path settingsFile = settings.file("settings.json");
        mapper.writeValue(settingsFile.toFile(), settings);
        Path out = settings.file("points-" + part.label() + ".jsonl");
        Files.deleteIfExists(out);
        Path home = part.isJavaPeer() ? peerJava : java;
        if (part.isJavaPeer() && feature(home) < JAVA_OF_PEERS_SIMD) {
            System.err.println(
                    "WARNING: on Java "
                            + feature(home)
                            + " JVector and Lucene run scalar code; give --peer-java the home of"
                            + " a newer one for a fair comparison");
        }
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(options(feature(home)));
        command.addAll(List.of("-cp", classPath(feature(home)), PartMain.class.getName()));
        command.addAll(List.of(part.name(), settingsFile.toString(), out.toString()));
        int code = waitFor(new ProcessBuilder(command).inheritIO().start());
        if (code != 0) {
            failed.add(part.label());
            System.err.println("part " + part.label() + " failed with exit code " + code);
        }
        List<Point> points = new ArrayList<>();
        if (Files.exists(out)) {
            try (BufferedReader lines = Files.newBufferedReader(out, StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    points.add(mapper.readValue(line, Point.class));
                }
            }
        }
        return points;
    }

    /** Parts that did not end well. */
    List<String> failed() {
        return failed;
    }

    /** Waits for a process, which ends with this JVM if that is ended. */
    static int waitFor(Process process) throws InterruptedException {
        Thread end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        int code = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        return code;
    }

    private List<String> options(int feature) {
        List<String> options = new ArrayList<>();
        options.add("-Xmx" + settings.heap());
        options.add("--add-modules=jdk.incubator.vector");
        String logging = System.getProperty("log4j2.configurationFile");
        if (logging != null) {
            options.add("-Dlog4j2.configurationFile=" + logging);
        }
        for (String name : OPENED) {
            options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
        }
        if (feature >= 24) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        } else {
            options.add("--add-opens=java.base/sun.security.action=ALL-UNNAMED");
        }
        if (feature >= 22) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        return options;
    }

    private String classPath(int feature) throws IOException {
        String own = System.getProperty("java.class.path");
        if (feature < JAVA_OF_NEWEST_LUCENE) {
            return own;
        }
        String rest =
                Arrays.stream(own.split(File.pathSeparator))
                        .filter(
                                entry ->
                                        !Path.of(entry)
                                                .getFileName()
                                                .toString()
                                                .startsWith("lucene-"))
                        .collect(Collectors.joining(File.pathSeparator));
        try (var jars = Files.list(newestLucene)) {
            return rest + jars.map(jar -> File.pathSeparator + jar).collect(Collectors.joining());
        }
    }

    /** Feature version of the Java in a folder. */
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.exists(release)) {
            throw new InvalidInputException(home + ": no Java here; give its home folder");
        }
        Properties properties = new Properties();
        try (BufferedReader reader = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }
}
