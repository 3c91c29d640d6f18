package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.VectorBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong options and wrong files: exit code, and one line that says what, where and what to do. */
class BadInputTest {
    @TempDir static Path folder;

    /**
     * A wrong command line. In it {@code @name} is a file of the folder of the tests.
     *
     * @param message parts of the line on standard error
     */
    record Case(int code, String line, String... message) {
        @Override
        public String toString() {
            return line;
        }
    }

    @BeforeAll
    static void files() throws IOException {
        VectorBlock base = SampleVectors.clustered(ElementType.FLOAT32, 4, 300, 1);
        SampleVectors.write(folder, "base", base);
        SampleVectors.write(folder, "query", base.slice(0, 3));
        SampleVectors.write(folder, "wide", new float[][] {{1, 2, 3, 4, 5}});
        SampleVectors.write(folder, "nan", new float[][] {{1, 2, 3, 4}, {1, Float.NaN, 3, 4}});
        float infinity = Float.POSITIVE_INFINITY;
        SampleVectors.write(folder, "infinite", new float[][] {{infinity, 2, 3, 4}});
        SampleVectors.write(folder, "zero", new float[][] {{1, 2, 3, 4}, {0, 0, 0, 0}});
        SampleVectors.write(folder, "huge", new float[][] {{1e30f, 2, 3, 4}, {1, 2, 3, 4}});
        SampleVectors.writeTruth(folder.resolve("truth.ivecs"), 10, new int[30]);
        SampleVectors.writeTruth(folder.resolve("narrow.ivecs"), 5, new int[15]);
        SampleVectors.writeTruth(folder.resolve("short.ivecs"), 10, new int[20]);
        int[] negative = new int[30];
        negative[12] = -1;
        SampleVectors.writeTruth(folder.resolve("negative.ivecs"), 10, negative);
        Files.write(folder.resolve("empty.fvecs"), new byte[0]);
        byte[] whole = Files.readAllBytes(folder.resolve("base.fvecs"));
        Files.write(folder.resolve("cut.fvecs"), java.util.Arrays.copyOf(whole, 1001));
        Files.write(folder.resolve("base.dat"), whole);
        Files.write(folder.resolve("base.parquet"), whole);
        Files.write(folder.resolve("false.npy"), whole);
        Files.write(folder.resolve("false.hdf5"), whole);
        Files.writeString(folder.resolve("text.tsv"), "1\t2\t3\n1\t2\n");
        Files.createDirectory(folder.resolve("folder"));
        create("base.fvecs", "index", "--metric", "cosine").done();
        create("base.fvecs", "uncalibrated", "--calibration-queries", "0").done();
    }

    private static Outcome create(String input, String index, String... more) {
        List<Object> args = new ArrayList<>();
        args.add("create");
        args.add("--input");
        args.add(folder.resolve(input));
        args.add("--index");
        args.add(folder.resolve(index));
        args.addAll(List.of(more));
        return Outcome.of(args.toArray());
    }

    private static Case wrong(String line, String... message) {
        return new Case(CommandRunner.WRONG_USE, line, message);
    }

    private static Case fails(String line, String... message) {
        return new Case(CommandRunner.FAILED, line, message);
    }

    static Stream<Case> commandLines() {
        return Stream.of(
                wrong("", "No command given; use one of create, search"),
                wrong("crate", "crate"),
                wrong("info", "--index"),
                wrong("info --index", "--index"),
                wrong("info --index @index --what", "--what"),
                wrong("info --index @index --index @index", "--index", "only once"),
                fails("info --index @base.fvecs", "is a file"),
                fails("info --index @folder", "no index here", "build one first"),
                fails("info --index @nowhere", "no index here"),
                fails("verify --index @nowhere", "no index here"),
                fails("search --index @folder --query @query.fvecs", "no index here"),
                fails(
                        "evaluate --index @folder --queries @query.fvecs --ground-truth"
                                + " @truth.ivecs",
                        "no index here"));
    }

    static Stream<Case> createLines() {
        String create = "create --index @new --input ";
        return Stream.of(
                wrong("create --index @new", "--input"),
                wrong("create --input @base.fvecs", "--index"),
                wrong(create + "@base.fvecs --metric l3", "--metric", "'l3'", "l2, ip, cosine, "),
                wrong(create + "@base.fvecs --format parquet", "'spark-spann build'"),
                wrong(create + "@base.fvecs --format foo", "'foo'", "fvecs, bvecs"),
                wrong(create + "@base.fvecs --mode append", "error, overwrite or resume"),
                wrong(create + "@base.fvecs --on-bad-row ignore", "'ignore'", "fail or skip"),
                wrong(create + "@base.fvecs --shards -1", "shards is -1", "0 to 100000"),
                wrong(create + "@base.fvecs --shards x", "--shards", "'x'"),
                wrong(create + "@base.fvecs --replicas 0", "replicas is 0", "1 to 64"),
                wrong(create + "@base.fvecs --replicas 65", "replicas is 65"),
                wrong(create + "@base.fvecs --head-ratio 0", "head-ratio is 0.0"),
                wrong(create + "@base.fvecs --head-ratio NaN", "head-ratio is NaN"),
                wrong(create + "@base.fvecs --rng-factor -1", "rng-factor is -1.0"),
                wrong(create + "@base.fvecs --seed 1.5", "--seed", "'1.5'"),
                wrong(create + "@base.fvecs --calibration-queries -1", "calibration-queries"),
                wrong(create + "@base.fvecs --threads 0", "threads is 0", "1 to 1024"),
                fails(create + "@missing.fvecs", "missing.fvecs", "no such file"),
                fails(create + "@folder", "folder", "is a directory"),
                fails(create + "@base.dat", "base.dat", "add --format", "fvecs"),
                fails(create + "@base.parquet", "base.parquet", "'spark-spann build'"),
                fails(create + "@empty.fvecs", "empty.fvecs", "empty"),
                fails(create + "@cut.fvecs", "cut.fvecs", "1001"),
                fails(create + "@base.fvecs --format fbin", "base.fvecs"),
                fails(create + "@base.fvecs --format u8bin", "base.fvecs"),
                fails(create + "@false.npy", "false.npy", "npy"),
                fails(create + "@false.hdf5", "false.hdf5"),
                fails(create + "@text.tsv", "text.tsv"),
                fails(create + "@nan.fvecs", "nan.fvecs: row 1", "component 1 is NaN", "skip"),
                fails(create + "@infinite.fvecs", "row 0", "component 0 is Infinity"),
                fails(create + "@infinite.fvecs --on-bad-row skip", "no usable rows", "1 were"),
                fails(create + "@zero.fvecs --metric cosine", "zero.fvecs: row 1", "zero", "skip"),
                fails(
                        create + "@huge.fvecs",
                        "too long for distances in float32",
                        "scale the vectors down"),
                fails("create --input @base.fvecs --index @base.fvecs", "is a file"),
                fails("create --input @base.fvecs --index @base.fvecs/sub", "base.fvecs"),
                fails(
                        "create --input @base.fvecs --index @index",
                        "an index already",
                        "--mode overwrite"));
    }

    static Stream<Case> searchLines() {
        String search = "search --index @index --query @query.fvecs ";
        String vector = "search --index @index --vector ";
        return Stream.of(
                wrong("search --index @index", "--queries", "--vector"),
                wrong(search + "--vector 1,2,3,4", "--queries", "--vector"),
                wrong(search + "--k 0", "k is 0", "1 to 10000"),
                wrong(search + "--k 10001", "k is 10001"),
                wrong(search + "--k ten", "--k", "'ten'"),
                wrong(search + "--recall-target 0", "recall target is 0.0"),
                wrong(search + "--recall-target 1.01", "recall target is 1.01"),
                wrong(search + "--recall-target NaN", "recall target is NaN"),
                wrong(search + "--probes 0", "probes is 0"),
                wrong(search + "--probes 4 --epsilon -1", "epsilon is -1.0"),
                wrong(search + "--probes 4 --epsilon NaN", "epsilon is NaN"),
                wrong(search + "--epsilon 1", "--epsilon needs --probes"),
                wrong(search + "--recall-target 0.9 --probes 4", "--recall-target excludes"),
                wrong(search + "--recall-target 0.9 --epsilon 4", "--recall-target excludes"),
                wrong(search + "--exact --probes 4", "--exact excludes"),
                wrong(search + "--exact --recall-target 0.9", "--exact excludes"),
                wrong(vector + "1,2,x,4", "component 2 is 'x'"),
                wrong(vector + "1,,3,4", "component 1 is ''"),
                fails(vector + "1,2,3", "dimension 3", "4"),
                fails(vector + "1,NaN,3,4", "component 1 is NaN"),
                fails(vector + "0,0,0,0", "zero"),
                fails(
                        "search --index @index --query @wide.fvecs",
                        "wide.fvecs",
                        "dimension 5",
                        "index",
                        "dimension 4"),
                fails("search --index @index --query @nan.fvecs", "nan.fvecs: row 1", "NaN"),
                fails("search --index @index --query @zero.fvecs", "zero.fvecs: row 1", "zero"),
                fails("search --index @index --query @missing.fvecs", "no such file"),
                fails("search --index @index --query @base.dat", "add --format"),
                fails(
                        "search --index @uncalibrated --query @query.fvecs",
                        "no calibration table",
                        "give probes"));
    }

    static Stream<Case> evaluateLines() {
        String evaluate = "evaluate --index @index --queries @query.fvecs ";
        return Stream.of(
                wrong(evaluate, "--ground-truth"),
                wrong("evaluate --index @index --ground-truth @truth.ivecs", "--queries"),
                wrong(evaluate + "--ground-truth @truth.ivecs --k 0", "k is 0"),
                wrong(
                        evaluate + "--ground-truth @truth.ivecs --probes 1 --recall-target 1",
                        "excludes"),
                fails(evaluate + "--ground-truth @missing.ivecs", "no such file"),
                fails(evaluate + "--ground-truth @query.fvecs", "ivecs or hdf5"),
                fails(
                        evaluate + "--ground-truth @narrow.ivecs",
                        "narrow.ivecs",
                        "5 neighbours",
                        "--k 5"),
                fails(
                        evaluate + "--ground-truth @short.ivecs",
                        "short.ivecs",
                        "2 rows",
                        "3 queries"),
                fails(evaluate + "--ground-truth @negative.ivecs", "row 1, column 2", "-1"),
                fails(
                        "evaluate --index @index --queries @wide.fvecs --ground-truth @truth.ivecs",
                        "dimension 5"));
    }

    @ParameterizedTest
    @MethodSource({"commandLines", "createLines", "searchLines", "evaluateLines"})
    void is_one_line_with_the_right_exit_code(Case wrong) {
        String[] words =
                Stream.of(wrong.line().split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(
                                word ->
                                        word.startsWith("@")
                                                ? folder.resolve(word.substring(1)).toString()
                                                : word)
                        .toArray(String[]::new);
        Outcome outcome = Outcome.of((Object[]) words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(wrong.code());
        assertThat(outcome.out()).isEmpty();
        List<String> lines =
                outcome.err().lines().filter(line -> !line.startsWith("stage ")).toList();
        assertThat(lines).as(outcome.err()).hasSize(1);
        assertThat(lines.get(0)).startsWith("spann: ").contains(wrong.message());
        assertThat(lines.get(0)).doesNotContain("Exception", "unexpected error");
        if (wrong.code() == CommandRunner.WRONG_USE) {
            assertThat(lines.get(0)).endsWith(" --help'");
        }
        // Nothing stands in the way of the next try.
        assertThat(folder.resolve("new/build.json")).doesNotExist();
        assertThat(folder.resolve("new/manifest-000001.json")).doesNotExist();
    }

    @Test
    void debug_adds_the_stack_trace() {
        Outcome outcome = Outcome.of("info", "--index", folder.resolve("nowhere"), "--debug");
        assertThat(outcome.code()).isEqualTo(CommandRunner.FAILED);
        assertThat(outcome.err().lines().findFirst().orElseThrow()).startsWith("spann: ");
        assertThat(outcome.err()).contains("InvalidInputException", "\tat io.sparkspann");
        Outcome first = Outcome.of("--debug", "info", "--index", folder.resolve("nowhere"));
        assertThat(first.err()).contains("\tat io.sparkspann");
    }

    @Test
    void files_without_permission_are_named() throws IOException {
        Path secret = folder.resolve("secret.fvecs");
        Files.copy(folder.resolve("base.fvecs"), secret);
        Files.setPosixFilePermissions(secret, EnumSet.noneOf(PosixFilePermission.class));
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, EnumSet.of(PosixFilePermission.OWNER_READ));
        try {
            Assumptions.assumeFalse(Files.isReadable(secret), "SKIPPED: root reads everything");
            Outcome outcome = create("secret.fvecs", "new-secret");
            assertThat(outcome.code()).isEqualTo(CommandRunner.FAILED);
            assertThat(outcome.err())
                    .contains("secret.fvecs: permission denied: it cannot be read");
            Outcome unwritable = create("base.fvecs", "locked/index");
            assertThat(unwritable.code()).isEqualTo(CommandRunner.FAILED);
            assertThat(unwritable.err())
                    .startsWith("spann: " + folder.resolve("locked/index") + ": permission denied");
        } finally {
            Files.setPosixFilePermissions(locked, EnumSet.allOf(PosixFilePermission.class));
        }
    }
}
