package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that is submitted to clusters. */
class PackagedJarIT {
    private static final Path JAR = Path.of("target", "spark-jobs-all.jar").toAbsolutePath();

    @TempDir Path folder;

    private static List<String> files() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName().replaceFirst("META-INF/versions/[0-9]+/", ""))
                    .toList();
        }
    }

    @Test
    void nothing_in_it_can_clash_with_what_a_cluster_brings() throws IOException {
        assertThat(files())
                .contains("io/sparkspann/spark/jobs/Main.class")
                .contains("io/sparkspann/search/SpannIndex.class")
                .contains("META-INF/services/org.apache.spark.sql.sources.DataSourceRegister")
                .contains("META-INF/LICENSE", "META-INF/THIRD-PARTY.txt")
                .allMatch(name -> name.startsWith("io/sparkspann/") || name.startsWith("META-INF/"))
                .noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA|class)"));
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(Main.class.getName());
        }
    }

    /** Runs a command with Spark's jars and the packaged one, and returns what it printed. */
    private List<String> run(String... arguments) throws IOException, InterruptedException {
        String spark = Files.readString(Path.of("target", "spark-classpath")).strip();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                Arrays.asList(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
        command.add("--add-modules=jdk.incubator.vector");
        command.add("-Xmx600m");
        command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
        command.addAll(List.of("-cp", JAR + File.pathSeparator + spark, Main.class.getName()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int exit = process.waitFor();
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(exit).as("%s", lines).isZero();
        return lines;
    }

    /** Goes through the libraries that are packaged under other names. */
    @Test
    void its_libraries_work_under_their_new_names() throws IOException, InterruptedException {
        Random random = new Random(1);
        float[][] vectors = new float[400][8];
        for (float[] vector : vectors) {
            for (int j = 0; j < vector.length; j++) {
                vector[j] = (float) random.nextGaussian();
            }
        }
        Path input = folder.resolve("base.hdf5");
        try (WritableHdfFile file = HdfFile.write(input)) {
            file.putDataset("train", vectors);
        }
        assertThat(run("build", "--master", "local[2]", "--input", "base.hdf5", "--index", "index"))
                .last()
                .asString()
                .startsWith("{\"vectors\":400,\"dimensions\":8,");
        run("verify", "--index", "index");
        run("report", "--index", "index", "--output", "report.html");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("<html", "<svg");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .contains("index", "report.html");
        }
    }
}
