package io.sparkspann.spark.bench;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.vector.file.VectorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures this project and what a user would otherwise use, on the same vectors. */
@Command(
        name = "bench peers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds, searches and joins with spark-spann and with its peers, each in a fresh JVM,"
                    + " and compares them at equal recall.",
            "Prints a table; writes every point as JSON, and the curves as SVG."
        })
final class PeerBench implements Callable<Integer> {
    @Option(names = "--base", paramLabel = "FILE", description = "fvecs or bvecs.")
    private String base;

    @Option(names = "--queries", paramLabel = "FILE", description = "Held-out queries.")
    private String queries;

    @Option(
            names = "--ground-truth",
            paramLabel = "FILE",
            description = "ivecs; without it, or with a limit, it is found by exact search.")
    private String truth;

    @Option(names = "--metric", defaultValue = "l2", description = "l2 (default) or cosine.")
    private String metric;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N base vectors.")
    private long limit;

    @Option(names = "--query-limit", paramLabel = "N", description = "Only the first N queries.")
    private long queryLimit;

    @Option(names = "--threads", defaultValue = "2", description = "Of every system (default 2).")
    private int threads;

    @Option(
            names = "--k",
            split = ",",
            defaultValue = "10,1,100",
            description = "The first gets the whole curve (default 10,1,100).")
    private List<Integer> ks;

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "ours,hnswlib-core,jvector,lucene,hnswlib,nearest-by",
            description = "What to run (default: ${DEFAULT-VALUE}).")
    private List<String> parts;

    @Option(
            names = "--join-queries",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Base vectors that are joined with the index (default 100000).")
    private int joinQueries;

    @Option(
            names = "--slice",
            paramLabel = "Q,B",
            split = ",",
            defaultValue = "200,20000",
            description = "Queries and base vectors for NEAREST BY (default 200,20000).")
    private List<Integer> slice;

    @Option(
            names = "--hnswlib",
            paramLabel = "PROGRAM",
            defaultValue = "",
            description = "Program that measures hnswlib in C++ (without it: skipped).")
    private String hnswlib;

    @Option(
            names = "--heap",
            defaultValue = "6g",
            description = "Heap of each part's JVM (default 6g).")
    private String heap;

    @Option(
            names = "--peer-java",
            paramLabel = "HOME",
            description = "Java for hnswlib-core, JVector and Lucene (default: this one).")
    private Path peerJava;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/bench-work",
            description = "Tables and indexes, kept for later runs (default target/bench-work).")
    private Path work;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "bench.json",
            description = "Every point; curves beside it as .svg (default bench.json).")
    private Path output;

    @Option(
            names = "--report",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Measure nothing: merge results of earlier runs, later files win.")
    private List<Path> reports;

    private static final long FEW_QUERIES = 2000;

    private final List<String> failed = new ArrayList<>();

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new PeerBench());
        command.setExecutionExceptionHandler(
                (failure, line, result) -> {
                    if (failure instanceof NoSuchFileException) {
                        System.err.println("bench: " + failure.getMessage() + ": no such file");
                        return 1;
                    }
                    if (!(failure instanceof SpannException)) {
                        throw failure;
                    }
                    System.err.println("bench: " + failure.getMessage());
                    return 1;
                });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Results results = reports == null ? measure() : merged();
        results.write(output);
        int k = reports == null ? ks.get(0) : firstK(results);
        Path curves = Path.of(output.toString().replaceFirst("(\\.json)?$", ".svg"));
        new CurvesSvg(results, k).write(curves);
        new Report(results).print(System.out);
        System.err.println("points: " + output + ", curves: " + curves);
        if (!failed.isEmpty()) {
            System.err.println("bench: failed, and missing above: " + String.join(", ", failed));
            return 1;
        }
        return 0;
    }

    private Results merged() throws IOException {
        Results all = Results.read(reports.get(0));
        for (Path report : reports.subList(1, reports.size())) {
            all = all.merge(Results.read(report));
        }
        return all;
    }

    /** The k that most points have. */
    private static int firstK(Results results) {
        return results.points().stream()
                .filter(point -> point.k() != null)
                .map(Point::k)
                .reduce(
                        (a, b) -> {
                            long ofA =
                                    results.points().stream().filter(p -> a.equals(p.k())).count();
                            long ofB =
                                    results.points().stream().filter(p -> b.equals(p.k())).count();
                            return ofB > ofA ? b : a;
                        })
                .orElse(10);
    }

    private Results measure() throws IOException, InterruptedException {
        List<Part> chosen = Part.of(parts);
        Settings settings = prepare();
        Path java = Path.of(System.getProperty("java.home"));
        Children children =
                new Children(
                        settings,
                        java,
                        peerJava == null ? java : peerJava,
                        Path.of(System.getProperty("bench.newest-lucene")));
        if (!chosen.contains(Part.OURS_TABLES)
                && (chosen.contains(Part.OURS_BUILD) || chosen.contains(Part.OURS_JOIN))) {
            chosen.add(0, Part.OURS_TABLES);
        }
        List<Point> points = new ArrayList<>();
        for (Part part : chosen) {
            System.err.println(part.label());
            try {
                points.addAll(
                        part == Part.HNSWLIB ? NativeHnswlib.run(settings) : children.run(part));
            } catch (InvalidInputException e) {
                System.err.println("part " + part.label() + " failed: " + e.getMessage());
                failed.add(part.label());
            }
            // After each part, so that a run which is ended early is not lost.
            Results.now(settings, points).write(output);
        }
        failed.addAll(children.failed());
        return Results.now(settings, points);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new InvalidInputException(rule);
        }
    }

    private Settings prepare() throws IOException {
        if (base == null || queries == null) {
            throw new InvalidInputException("give --base and --queries, or --report");
        }
        require(List.of("l2", "cosine").contains(metric), "--metric is l2 or cosine");
        require(limit >= 0 && queryLimit >= 0, "--limit and --query-limit are 0 or more");
        require(threads >= 1, "--threads is 1 or more");
        require(ks.stream().allMatch(k -> k >= 1), "--k is 1 or more");
        require(slice.size() == 2, "--slice is two numbers, such as 200,20000");
        require(heap.matches("[1-9][0-9]*[mMgG]"), "--heap is a size such as 4g");
        if (!hnswlib.isEmpty() && !Files.isExecutable(Path.of(hnswlib))) {
            throw new InvalidInputException(hnswlib + ": no program that can be run");
        }
        if (queryLimit > 0 && queryLimit < FEW_QUERIES) {
            System.err.println("few queries: throughputs are of milliseconds, and noisy");
        }
        Path folder = Files.createDirectories(work.toAbsolutePath().resolve(folderName()));
        Settings settings =
                new Settings(
                        base,
                        queries,
                        truth,
                        metric,
                        folder.toString(),
                        threads,
                        ks,
                        joinQueries(),
                        slice.get(0),
                        slice.get(1),
                        heap,
                        hnswlib);
        Path usedBase = Slices.of(base, limit, folder);
        Path usedQueries = Slices.of(queries, queryLimit, folder);
        boolean whole = truth != null && usedBase.equals(Path.of(base));
        Path usedTruth =
                whole
                        ? Path.of(truth)
                        : Slices.truth(usedBase, usedQueries, settings.metricValue(), folder);
        return settings.withFiles(
                usedBase.toAbsolutePath(),
                usedQueries.toAbsolutePath(),
                usedTruth.toAbsolutePath());
    }

    /** Another one whenever the files or the limits are others, so that nothing stale is used. */
    private String folderName() throws IOException {
        List<Object> state = new ArrayList<>(List.of(limit, queryLimit, metric));
        for (String file : List.of(base, queries)) {
            Path path = Path.of(file).toAbsolutePath();
            requireFile(path);
            state.add(path.toString());
            state.add(Files.size(path));
            state.add(Files.getLastModifiedTime(path).toMillis());
        }
        return Path.of(base).getFileName() + "-" + Integer.toHexString(state.hashCode());
    }

    private static void requireFile(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException(path + ": no such file");
        }
    }

    /** No more than there are base vectors. */
    private int joinQueries() {
        try (VectorFile file = DataFiles.open(base)) {
            long rows = limit == 0 ? file.size() : Math.min(limit, file.size());
            return (int) Math.min(joinQueries, rows);
        }
    }
}
