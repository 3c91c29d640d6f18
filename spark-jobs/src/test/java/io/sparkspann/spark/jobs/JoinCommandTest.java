package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.distance.Metric;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands build and join from their arguments to exit codes, lines and files. */
@ExtendWith(SharedSpark.class)
class JoinCommandTest {
    private static final VectorBlock BASE = VectorSamples.clustered(600, 6, 5, 1);

    @TempDir static Path shared;
    private static String base;
    private static String built;

    @TempDir Path folder;

    private final SparkSession spark;
    private String index;
    private Path output;

    JoinCommandTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeAll
    static void build() {
        SharedSpark.session();
        base = VectorSamples.file(shared.resolve("base.fvecs"), BASE);
        built = shared.resolve("index").toString();
        Outcome outcome =
                Outcome.of(
                        "build",
                        "--input",
                        base,
                        "--index",
                        built,
                        "--metric",
                        Metric.L2.label(),
                        "--shards",
                        "2");
        assertThat(outcome.code()).as("%s", outcome).isZero();
        assertThat(outcome.out()).hasSize(1);
        assertThat(outcome.out().get(0))
                .startsWith("{\"vectors\":600,\"dimensions\":6,\"shards\":2,");
        assertThat(outcome.err()).allMatch(line -> line.startsWith("stage "));
    }

    @BeforeEach
    void place() {
        index = built;
        output = folder.resolve("pairs");
    }

    private Outcome join(String queries, String... more) {
        String[] given = {
            "join", "--index", index, "--queries", queries, "--output", output.toString()
        };
        return Outcome.of(Stream.of(given, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String withNaN() {
        float[] components = BASE.floats().clone();
        components[6 * 500 + 2] = Float.NaN;
        return VectorSamples.file(folder.resolve("nan.fvecs"), VectorBlock.ofFloats(6, components));
    }

    @Test
    void says_how_it_begins_and_ends_and_writes_all_rows() {
        Outcome joined = join(base, "--k", "3");
        assertThat(joined.code()).as("%s", joined).isZero();
        assertThat(joined.out()).hasSize(1);
        assertThat(joined.out().get(0)).startsWith("{\"queries\":600,\"rows\":1800,");
        assertThat(joined.err().get(0))
                .startsWith("join of 600 queries with 600 vectors (shards: 2): k 3, at most ")
                .endsWith(" probes for recall 0.95, to " + output);
        assertThat(joined.err().get(joined.err().size() - 1))
                .startsWith("wrote 1,800 rows for 600 queries in ")
                .matches(
                        ".* queries/s; [0-9,]+ distances, [0-9,]+ postings read, [0-9,]+ bytes; .*")
                .endsWith("; recall expected: 0.95, by the calibration of the index");
        assertThat(joined.err())
                .anyMatch(line -> line.matches("stage 1/2: group done in [0-9.]+ s"))
                .noneMatch(line -> line.contains("tasks done"));
        assertThat(joined.out().get(0))
                .matches(".*\"distances\":[1-9].*")
                .matches(".*\"postings_read\":[1-9].*")
                .matches(".*\"posting_bytes_read\":[1-9].*");
        assertThat(spark.read().parquet(output.toString()).where("rank = 1").count())
                .isEqualTo(600);
        assertThat(names(folder)).containsExactly("pairs");
    }

    @Test
    void a_build_rounds_to_halfs_where_it_is_told_to() {
        String halfs = folder.resolve("halfs").toString();
        String[] build = {"build", "--input", base, "--index", halfs, "--element-type", "float16"};
        assertThat(Outcome.of(build).code()).isZero();
        String found = folder.resolve("found").toString();
        Outcome joined =
                Outcome.of(
                        "join", "--index", halfs, "--queries", base, "--output", found, "--k", "1");
        assertThat(joined.code()).as("%s", joined).isZero();
        // Rows are their own nearest, but for what rounding to halfs moved.
        List<Row> rows =
                spark.read().parquet(found).where("query_id = neighbor_id").collectAsList();
        assertThat(rows).hasSize(600);
        assertThat(rows).allMatch(row -> row.getFloat(2) < 0.05f);
        assertThat(rows).anyMatch(row -> row.getFloat(2) > 0f);
    }

    @Test
    void expects_no_recall_of_given_probes() {
        Outcome joined = join(base, "--probes", "4");
        assertThat(joined.err().get(0)).contains(": k 10, at most 4 probes, to ");
        assertThat(joined.err().get(joined.err().size() - 1))
                .endsWith("unknown, since probes were given ('spark-spann evaluate' measures it)");
    }

    @Test
    void a_failed_join_leaves_nothing_and_can_be_repeated() {
        Outcome failed = join(withNaN());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.problem())
                .startsWith(
                        "file://" + folder.resolve("nan.fvecs") + ": row 500, component 2 is NaN");
        assertThat(names(folder)).containsExactly("nan.fvecs");
        assertThat(join(base).code()).isZero();
    }

    @Test
    void says_that_lists_are_short() {
        Outcome joined = join(base, "--probes", "1", "--k", "200");
        assertThat(joined.err().get(joined.err().size() - 1))
                .contains(" (600 have fewer than 200 neighbours: more probes find more) in ");
        assertThat(joined.out().get(0)).contains("\"queries_with_fewer_than_k\":600,");
    }

    @Test
    void a_table_that_no_join_wrote_is_not_replaced() {
        spark.range(5).toDF("id").write().parquet(output.toString());
        Outcome joined = join(base, "--mode", "overwrite");
        assertThat(joined.code()).isEqualTo(1);
        assertThat(joined.problem())
                .isEqualTo(
                        output
                                + ": holds a table with the columns id, which this join does not"
                                + " write; give --output another folder, or move that away");
        assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(5);
    }

    @Test
    void a_failed_join_leaves_the_former_result() {
        join(base, "--k", "3");
        List<String> before = names(output);
        Outcome failed = join(withNaN(), "--mode", "overwrite");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.problem()).contains("row 500");
        assertThat(names(output)).isEqualTo(before);
        assertThat(names(folder)).containsExactly("nan.fvecs", "pairs");
        assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(1800);
    }

    @Test
    void overwrites_when_told_to() {
        join(base, "--k", "3");
        Outcome refused = join(base, "--k", "2");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.problem())
                .isEqualTo(output + ": exists already; use --mode overwrite, or another folder");
        assertThat(join(base, "--k", "2", "--mode", "overwrite").code()).isZero();
        assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(1200);
        assertThat(names(folder)).containsExactly("pairs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "year=2026/part-0.parquet", "part-1/x", "_temporary/0/x"})
    void what_no_join_wrote_is_not_overwritten(String name) throws IOException {
        join(base);
        Files.createDirectories(output.resolve(name).getParent());
        Files.writeString(output.resolve(name), "mine");
        Outcome refused = join(base, "--mode", "overwrite");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.problem())
                .isEqualTo(
                        output
                                + ": holds '"
                                + name.replaceAll("/.*", "")
                                + "', which no join wrote; give --output another folder,"
                                + " or move that away");
        assertThat(output.resolve(name)).hasContent("mine");
    }

    @Test
    void a_file_is_not_overwritten() throws IOException {
        Files.writeString(output, "mine");
        Outcome refused = join(base, "--mode", "overwrite");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.problem()).isEqualTo(output + ": is a file; give --output a folder");
        assertThat(output).hasContent("mine");
    }

    @Test
    void a_place_that_cannot_be_written_is_refused_before_the_work() throws IOException {
        Files.writeString(folder.resolve("file"), "mine");
        output = folder.resolve("file/pairs");
        Outcome refused = join(base);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).hasSize(1);
        assertThat(refused.problem())
                .startsWith(output + ": cannot be written: ")
                .endsWith("; give --output another folder");
    }

    @Test
    void an_empty_folder_is_written() throws IOException {
        Files.createDirectory(output);
        assertThat(join(base).code()).isZero();
        assertThat(names(output)).contains("_SUCCESS");
    }

    @Test
    void what_a_killed_join_left_is_named() throws IOException {
        Path left = folder.resolve(".pairs.0e9f3f0e-5d4c-4f4f-8a3b-0a1b2c3d4e5f");
        Files.createDirectories(left.resolve("_temporary/0"));
        Outcome joined = join(base);
        assertThat(joined.code()).isZero();
        assertThat(joined.err().get(0))
                .isEqualTo(
                        "file:"
                                + left
                                + ": a join to this output died, or still runs; if none runs,"
                                + " delete this folder, or move it away: with _SUCCESS it is a"
                                + " complete result");
        assertThat(left).exists();
    }

    @Test
    void a_build_interrupted_before_its_first_stage_claims_nothing() {
        BuildCommand build = new BuildCommand();
        new CommandLine(build).parseArgs("--input", base, "--index", "x");
        assertThat(build.interrupted())
                .isEqualTo(
                        "interrupted before a stage was done; run it again, with --mode resume if"
                                + " there is an unfinished build in x");
    }

    @Test
    void no_index_fails() {
        index = folder.resolve("nowhere").toString();
        Outcome failed = join(base);
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.problem()).contains("nowhere: there is no index here");
        assertThat(output).doesNotExist();
    }

    @Test
    void a_wrong_option_is_wrong_use() {
        Outcome wrong = join(base, "--mode", "append");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.problem())
                .isEqualTo(
                        "mode is 'append'; use error or overwrite; see 'spark-spann join --help'");
    }

    @Test
    void a_build_that_fails_says_why() {
        Outcome failed =
                Outcome.of(
                        "build", "--input", withNaN(), "--index", folder.resolve("x").toString());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.problem()).contains("nan.fvecs: row 500, component 2 is NaN");
        assertThat(Outcome.of("build", "--input", base, "--index", index).problem())
                .contains("there is an index already");
        assertThat(Outcome.of("build", "--index", index).code()).isEqualTo(2);
    }

    @Test
    void a_missing_file_system_is_named() {
        Outcome failed = join("s3a://bucket/queries");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.problem())
                .contains("s3a://bucket/queries: no usable file system")
                .contains("--packages org.apache.hadoop:hadoop-aws:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void ansi_mode_changes_nothing(String ansi) {
        String before = spark.conf().get("spark.sql.ansi.enabled");
        spark.conf().set("spark.sql.ansi.enabled", ansi);
        try {
            String table = folder.resolve("table").toUri().toString();
            spark.sql(
                            "SELECT int(id) AS id, array(id, 1d, 2d, 3d, 4d, 5d) AS vector"
                                    + " FROM range(0, 40)")
                    .write()
                    .parquet(table);
            Outcome joined = join(table, "--k", "600", "--probes", "1000");
            assertThat(joined.code()).as("%s", joined).isZero();
            assertThat(joined.out().get(0)).startsWith("{\"queries\":40,\"rows\":24000,");
        } finally {
            spark.conf().set("spark.sql.ansi.enabled", before);
        }
    }
}
