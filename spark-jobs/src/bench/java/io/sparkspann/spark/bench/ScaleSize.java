package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkspann.spark.plan.Amounts;
import io.sparkspann.vector.file.VectorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Measures one size: grows the vectors, builds, joins, compares with the truth. */
final class ScaleSize {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Options options;
    private final GrownFiles grown;
    private final long size;
    private final Path work;

    /**
     * What is measured at every size.
     *
     * @param base file that vectors are grown from
     * @param folder for all files
     * @param heap of the JVMs
     * @param queries of the join
     * @param sample of them, whose truth is found
     * @param build further options of the build
     */
    record Options(
            String base,
            Path folder,
            long seed,
            String heap,
            int threads,
            long queries,
            long sample,
            int k,
            double recallTarget,
            List<String> build) {}

    /**
     * @param name of the folder for what is made
     */
    ScaleSize(Options options, long size, String name) throws IOException {
        this.options = options;
        this.grown = new GrownFiles(options.base(), options.folder(), options.seed());
        this.size = size;
        this.work = Files.createDirectories(options.folder().resolve(name));
    }

    /** Runs all; what was made before, but for grown vectors and truth, is made again. */
    ScaleRun run() throws IOException, InterruptedException {
        Path vectors = grown.vectors(size);
        Path queries = grown.queries(options.queries());
        Launched build = build(vectors);
        EventLog buildLog = EventLog.read(work.resolve("build-log"));
        Launched join = join(queries);
        EventLog joinLog = EventLog.read(work.resolve("join-log"));
        JsonNode built = build.result();
        JsonNode joined = join.result();
        double recall = recall(vectors, queries);
        ScaleRun run =
                new ScaleRun(
                        data(vectors),
                        LocalDate.now().toString(),
                        options.threads(),
                        Amounts.bytes("heap", options.heap()),
                        index(built),
                        build.with(buildLog.build()),
                        new ScaleRun.Join(
                                join.with(joinLog.join()),
                                options.queries(),
                                options.k(),
                                options.recallTarget(),
                                recall,
                                joined.path("probes").asDouble(),
                                joined.path("mean_distances").asDouble(),
                                joined.path("posting_bytes_read").asLong()));
        JSON.writeValue(work.resolve("run.json").toFile(), run);
        return run;
    }

    private ScaleRun.Data data(Path vectors) {
        try (VectorFile file = DataFiles.open(vectors.toString())) {
            return new ScaleRun.Data(
                    Path.of(options.base()).getFileName().toString(),
                    size,
                    file.dimensions(),
                    file.elementType().label());
        }
    }

    private ScaleRun.Index index(JsonNode built) {
        ScaleRun.Data data = data(grownVectors());
        int bytes = data.type().equals("float32") ? Float.BYTES : 1;
        int shards = options.build().indexOf("--shards");
        return new ScaleRun.Index(
                shards < 0 ? 0 : Integer.parseInt(options.build().get(shards + 1)),
                built.path("shards").asInt(),
                built.path("heads").asLong(),
                built.path("mean_replicas").asDouble(),
                built.path("index_bytes").asLong(),
                size * ((long) bytes * data.dimensions() + Long.BYTES));
    }

    private Path grownVectors() {
        try {
            return grown.vectors(size);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Launched build(Path vectors) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("build", "--input", vectors.toString()));
        arguments.addAll(List.of("--index", fresh("index").toString()));
        arguments.addAll(options.build());
        return launch(arguments, "build");
    }

    private Launched join(Path queries) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("join", "--index", work.resolve("index").toString()));
        arguments.addAll(List.of("--queries", queries.toString()));
        arguments.addAll(List.of("--output", fresh("pairs").toString()));
        arguments.addAll(List.of("--k", Integer.toString(options.k())));
        arguments.addAll(List.of("--recall-target", Double.toString(options.recallTarget())));
        return launch(arguments, "join");
    }

    private Launched launch(List<String> arguments, String name)
            throws IOException, InterruptedException {
        System.err.println(name + " of " + size);
        Path log = Files.createDirectory(fresh(name + "-log"));
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--master", "local[" + options.threads() + "]"));
        for (String setting : EventLog.settings(log)) {
            all.addAll(List.of("--conf", setting));
        }
        return Launched.run(all, options.heap(), work.resolve(name + ".txt"));
    }

    /** A path where nothing is. */
    private Path fresh(String name) throws IOException {
        Path path = work.resolve(name);
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return path;
    }

    private double recall(Path vectors, Path queries) throws IOException {
        Path sample = Slices.of(queries.toString(), options.sample(), options.folder());
        Settings settings =
                new Settings(
                        vectors.toString(),
                        sample.toString(),
                        "",
                        "l2",
                        work.toString(),
                        options.threads(),
                        List.of(options.k()),
                        0,
                        0,
                        0,
                        options.heap(),
                        "");
        Path truth = Slices.truth(vectors, sample, settings.metricValue(), options.folder());
        Settings withTruth = settings.withFiles(vectors, sample, truth);
        float[][] rows = DataFiles.rows(sample.toString(), settings.metricValue());
        try (Recall recall = new Recall(withTruth, rows);
                SparkSession spark = Spark.session(withTruth)) {
            return recall.of(found(spark, rows.length), options.k());
        }
    }

    private int[][] found(SparkSession spark, int queries) {
        int[][] found = new int[queries][options.k()];
        for (int[] row : found) {
            Arrays.fill(row, -1);
        }
        List<Row> rows =
                spark.read()
                        .parquet(work.resolve("pairs").toString())
                        .filter(functions.col("query_id").lt(queries))
                        .select("query_id", "rank", "neighbor_id")
                        .collectAsList();
        for (Row row : rows) {
            found[(int) row.getLong(0)][row.getInt(1) - 1] = (int) row.getLong(2);
        }
        return found;
    }
}
