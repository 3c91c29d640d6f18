package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.ChildJvm;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.storage.LocalStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands in a JVM of their own, which ends by a signal, for want of memory, or well. */
@ExtendWith(SharedSpark.class)
class ChildCommandTest {
    private static final String[] FEW = {"--calibration-queries", "50"};

    @TempDir Path folder;

    private final SparkSession spark;
    private Path index;
    private Path output;

    ChildCommandTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void place() {
        index = folder.resolve("index");
        output = folder.resolve("pairs");
    }

    private String vectors(int count) {
        return VectorSamples.file(
                folder.resolve(count + ".fvecs"), VectorSamples.clustered(count, 32, 20, 3));
    }

    private ChildJvm child(String heap, String... arguments) throws Exception {
        String[] settings = {
            "--master",
            "local[2]",
            "--conf",
            "spark.testing.memory=500000000",
            "--conf",
            "spark.local.dir=" + folder.resolve("local")
        };
        return ChildJvm.startMerged(
                Main.class,
                heap,
                Stream.of(arguments, settings).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private String[] build(String input, String... more) {
        String[] given = {"build", "--input", input, "--index", index.toString()};
        return Stream.of(given, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private String[] join(String queries, String... more) {
        String[] given = {
            "join", "--index", index.toString(), "--queries", queries, "--output", output.toString()
        };
        return Stream.of(given, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    /** A process that was started with a signal ignored cannot be ended by it. */
    private static void requireHeard(int signal) throws Exception {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            String ignored =
                    Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("SigIgn:"))
                            .findFirst()
                            .orElseThrow();
            long mask = Long.parseUnsignedLong(ignored.split("\\s+")[1], 16);
            assumeFalse((mask >>> (signal - 1) & 1) == 1, "signal " + signal + " is ignored");
        }
    }

    @Test
    void an_interrupted_build_tells_how_to_go_on() throws Exception {
        requireHeard(15);
        String input = vectors(20_000);
        String[] build = build(input, "--calibration-queries", "20000");
        try (ChildJvm child = child("600m", build)) {
            child.awaitLineOf("stage ");
            child.signal("TERM");
            List<String> lines = child.awaitLines();
            assertThat(lines.get(lines.size() - 1))
                    .isEqualTo(
                            "spark-spann: interrupted; continue with --mode resume: what was built"
                                    + " is in "
                                    + index);
            assertThat(lines.subList(0, lines.size() - 1))
                    .allMatch(line -> line.startsWith("stage "));
            assertThat(child.awaitExitCode()).isEqualTo(143);
        }
        assertThat(index.resolve("build.json")).exists();
        assertThat(new Snapshots(LocalStorage.of(index)).numbers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15, 143, error", "INT, 2, 130, overwrite"})
    void an_interrupted_join_leaves_what_was(String signal, int number, int code, String mode)
            throws Exception {
        requireHeard(number);
        String queries = vectors(20_000);
        assertThat(Outcome.of(build(vectors(2000), FEW)).code()).isZero();
        if (mode.equals("overwrite")) {
            assertThat(Outcome.of(join(vectors(300), "--k", "2")).code()).isZero();
        }
        try (ChildJvm child =
                child("600m", join(queries, "--k", "300", "--probes", "100", "--mode", mode))) {
            child.awaitLineOf("join of 20,000 queries");
            child.signal(signal);
            List<String> lines = child.awaitLines();
            assertThat(lines)
                    .containsExactly("spark-spann: interrupted; nothing was written to " + output);
            assertThat(child.awaitExitCode()).isEqualTo(code);
        }
        if (mode.equals("overwrite")) {
            assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(600);
        } else {
            assertThat(output).doesNotExist();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void too_little_memory_is_said_in_one_line() throws Exception {
        assertThat(Outcome.of(build(vectors(2000), FEW)).code()).isZero();
        String[] join = join(vectors(700_000), "--conf", "spark.spann.join.chunkBytes=4g");
        try (ChildJvm child = child("80m", join)) {
            child.awaitLineOf("join of 700,000 queries");
            // A thread of Spark may run out of memory too and say so; the last word is ours.
            List<String> lines = child.awaitLines();
            assertThat(lines).filteredOn(line -> line.startsWith("spark-spann: ")).hasSize(1);
            assertThat(lines.get(lines.size() - 1))
                    .startsWith("spark-spann: not enough memory in the join: ")
                    .contains("SPARK_SPANN_HEAP=8g");
            assertThat(child.awaitExitCode()).isEqualTo(1);
        }
        assertThat(output).doesNotExist();
    }

    @Test
    void kryo_gives_the_same_bytes_and_rows() throws Exception {
        String input = vectors(2000);
        assertThat(Outcome.of(build(input, FEW)).code()).isZero();
        assertThat(Outcome.of(join(input)).code()).isZero();
        var files = Builds.files(new Snapshots(LocalStorage.of(index)).load(1));
        List<Row> rows = rows();
        index = folder.resolve("kryo-index");
        output = folder.resolve("kryo-pairs");
        String[] kryo = {
            FEW[0],
            FEW[1],
            "--conf",
            "spark.serializer=org.apache.spark.serializer.KryoSerializer",
            "--conf",
            "spark.kryo.registrationRequired=false"
        };
        String[] settings = Arrays.copyOfRange(kryo, 2, kryo.length);
        for (String[] command : List.of(build(input, kryo), join(input, settings))) {
            try (ChildJvm child = child("600m", command)) {
                List<String> lines = child.awaitLines();
                assertThat(child.awaitExitCode()).as("%s", lines).isZero();
                assertThat(lines.get(lines.size() - 1)).startsWith("{");
            }
        }
        assertThat(Builds.files(new Snapshots(LocalStorage.of(index)).load(1))).isEqualTo(files);
        assertThat(rows()).isEqualTo(rows);
    }

    private List<Row> rows() {
        return spark.read().parquet(output.toString()).orderBy("query_id", "rank").collectAsList();
    }
}
