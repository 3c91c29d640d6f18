package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkspann.build.BuildReport;
import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.plan.Amounts;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what replicas buy: recall at the same number of records read. */
@Command(
        name = "bench replicas",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds one index for each number of replicas and prints the recall of each where"
                    + " queries read the same number of records, so what the last replica buys.",
            "Truth is found by exact search. Metric l2."
        })
final class ReplicasBench implements Callable<Integer> {
    private static final int[] PROBES = {1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256};

    @Option(
            names = "--base",
            required = true,
            paramLabel = "FILE",
            description = "fvecs or bvecs file.")
    private String base;

    @Option(
            names = "--queries",
            required = true,
            paramLabel = "FILE",
            description = "Held-out queries of the same format.")
    private String queries;

    @Option(
            names = "--limit",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Only the first N base vectors (default 100000).")
    private String limit;

    @Option(
            names = "--query-limit",
            defaultValue = "1000",
            description = "Only the first queries (default 1000).")
    private long queryLimit;

    @Option(
            names = "--replicas",
            split = ",",
            defaultValue = "1,2,4,6,8",
            description = "Most postings that hold a vector (default ${DEFAULT-VALUE}).")
    private List<Integer> replicas;

    @Option(
            names = "--records",
            split = ",",
            defaultValue = "500,1000,2000,4000,8000",
            description = "Records that a query reads (default ${DEFAULT-VALUE}).")
    private List<Integer> records;

    @Option(names = "--k", defaultValue = "10", description = "Neighbours (default 10).")
    private int k;

    @Option(names = "--heap", defaultValue = "2g", description = "Of the builds (default 2g).")
    private String heap;

    @Option(names = "--threads", defaultValue = "2", description = "Cores (default 2).")
    private int threads;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/bench-replicas",
            description = "Slices, truth and indexes (default ${DEFAULT-VALUE}).")
    private Path work;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "replicas.json",
            description = "Every figure (default ${DEFAULT-VALUE}).")
    private Path output;

    /**
     * An index of one number of replicas.
     *
     * @param most of the build
     * @param mean postings that hold a vector
     * @param bytesOfVector bytes of the index for each vector
     * @param recalls by records read for a query
     */
    record Level(int most, double mean, double bytesOfVector, TreeMap<Double, Double> recalls) {
        /** Recall at a number of records, straight between measured points; NaN beyond them. */
        double at(double wished) {
            Map.Entry<Double, Double> below = recalls.floorEntry(wished);
            Map.Entry<Double, Double> above = recalls.ceilingEntry(wished);
            if (below == null || above == null) {
                return Double.NaN;
            }
            double width = above.getKey() - below.getKey();
            double part = width == 0 ? 0 : (wished - below.getKey()) / width;
            return below.getValue() + part * (above.getValue() - below.getValue());
        }
    }

    public static void main(String[] args) {
        System.exit(ScaleBench.commandLine(new ReplicasBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(work.toAbsolutePath());
        Path vectors = Slices.of(base, Amounts.count("limit", limit), folder);
        Path asked = Slices.of(queries, queryLimit, folder);
        Settings settings =
                new Settings(
                        vectors.toAbsolutePath().toString(),
                        asked.toAbsolutePath().toString(),
                        "",
                        "l2",
                        folder.toString(),
                        threads,
                        List.of(k),
                        0,
                        0,
                        0,
                        heap,
                        "");
        Path truth = Slices.truth(vectors, asked, settings.metricValue(), folder);
        Settings complete = settings.withFiles(vectors, asked, truth);
        List<Level> levels = new ArrayList<>();
        float[][] rows = DataFiles.rows(complete.queries(), complete.metricValue());
        try (Recall recall = new Recall(complete, rows)) {
            for (int most : replicas) {
                levels.add(level(complete, recall, most));
            }
        }
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(output.toFile(), levels);
        print(levels);
        return 0;
    }

    private Level level(Settings settings, Recall recall, int most) throws Exception {
        Path index = settings.file("index-" + most);
        List<String> arguments =
                List.of(
                        "build",
                        "--input",
                        settings.base(),
                        "--index",
                        index.toString(),
                        "--mode",
                        "overwrite",
                        "--replicas",
                        Integer.toString(most),
                        "--master",
                        "local[" + threads + "]");
        System.err.println("build with " + most + " replicas");
        Launched.run(arguments, heap, settings.file("build-" + most + ".txt"));
        VectorBlock all = DataFiles.all(settings.queries());
        TreeMap<Double, Double> recalls = new TreeMap<>();
        try (SpannIndex open = SpannIndex.open(index)) {
            double vectors = open.manifest().vectors();
            double records =
                    open.manifest().shards().stream().mapToDouble(shard -> shard.records()).sum();
            QueryRows rows = QueryRows.of(open.manifest().schema().space(), all);
            for (int probes : PROBES) {
                SearchOptions options = SearchOptions.ofProbes(k, probes, Double.POSITIVE_INFINITY);
                ScanStats stats = new ScanStats();
                Neighbors found = new BatchSearch(open, threads, stats).search(rows, options);
                double read = (double) stats.distances() / all.size();
                recalls.put(read, recall.of(OurSearch.ids(found), k));
            }
            double bytes = BuildReport.indexBytes(open.manifest()) / vectors;
            return new Level(most, records / vectors, bytes, recalls);
        }
    }

    private void print(List<Level> levels) {
        System.out.printf("%-10s%10s%14s", "replicas", "mean", "bytes/vector");
        records.forEach(wished -> System.out.printf(Locale.ROOT, "%12d", wished));
        System.out.println("   records a query: recall@" + k);
        for (Level level : levels) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10d%10.2f%14.0f",
                    level.most(),
                    level.mean(),
                    level.bytesOfVector());
            records.forEach(wished -> System.out.printf(Locale.ROOT, "%12.4f", level.at(wished)));
            System.out.println();
        }
    }
}
