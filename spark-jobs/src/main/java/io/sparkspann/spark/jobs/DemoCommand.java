package io.sparkspann.spark.jobs;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.vector.FileBytes;
import io.sparkspann.vector.VectorBlock;
import io.sparkspann.vector.file.VectorFile;
import io.sparkspann.vector.file.VectorFiles;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole way on word vectors that come along: table, index, join, recall, words. */
@Command(
        name = "demo",
        description = {
            "Builds an index over 20,000 word vectors, joins 500 other words with it, measures"
                    + " recall against exact search, and prints the nearest words of a few."
        },
        footer = {"", "Example: spark-spann demo --work words-demo"})
final class DemoCommand implements Callable<Integer> {
    private static final int K = 10;
    private static final double RECALL_TARGET = 0.95;
    private static final List<String> SHOWN =
            List.of("wells", "lungs", "large", "snarl", "chemicals");

    @Spec private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the word vectors (default: the one of this project).")
    private Path data;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder for table, index and result (default: a new temporary one).")
    private Path work;

    @Mixin private SparkMixin spark;

    /** Words and their vectors, position by position. */
    private record Words(List<String> words, VectorBlock vectors) {}

    @Override
    public Integer call() throws Exception {
        Path source = data == null ? projectData() : data;
        Path folder = work == null ? Files.createTempDirectory("spann-demo") : work;
        Words base = read(source, "words");
        Words queries = read(source, "queries");
        return spark.withSession(
                "demo",
                () -> "interrupted; its files are in " + folder,
                session -> run(session, base, queries, folder));
    }

    private static Path projectData() {
        String home = System.getenv("SPANN_HOME");
        Path path = Path.of(home == null ? "." : home, "demo", "data");
        if (!Files.isDirectory(path)) {
            throw new InvalidInputException(
                    path
                            + ": there are no word vectors here; run the demo from the project, or"
                            + " give --data");
        }
        return path;
    }

    private static Words read(Path folder, String name) throws IOException {
        List<String> words = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name + ".tsv"))) {
            words.add(line.substring(0, line.indexOf('\t')));
        }
        try (VectorFile file =
                VectorFiles.open(
                        FileBytes.open(folder.resolve(name + ".fvecs")), VectorFormat.FVECS)) {
            return new Words(words, file.read(0, (int) file.size()));
        }
    }

    private int run(SparkSession session, Words base, Words queries, Path folder)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String table = folder.resolve("words.parquet").toString();
        String queryTable = folder.resolve("queries.parquet").toString();
        String index = folder.resolve("words.index").toString();
        String pairs = folder.resolve("pairs.parquet").toString();
        frame(session, base).write().mode("overwrite").parquet(table);
        frame(session, queries).write().mode("overwrite").parquet(queryTable);
        print(
                out,
                "1. Two Parquet tables (id string, vector array<float>): %,d words, %,d other"
                        + " words.",
                base.words().size(),
                queries.words().size());

        BuildReport report =
                SpannBuild.run(
                        session,
                        InputSpec.of(table),
                        index,
                        BuildOptions.of(Metric.COSINE),
                        BuildMode.OVERWRITE,
                        (stage, seconds) -> {});
        print(
                out,
                "2. Index: %,d vectors, %,d heads, %.2f postings for each vector, %.1f MB, built in"
                        + " %.1f s.",
                report.manifest().vectors(),
                report.heads(),
                (double) report.records() / report.manifest().vectors(),
                BuildReport.indexBytes(report.manifest()) / 1e6,
                report.seconds());

        long start = System.nanoTime();
        KnnJoin.of(session, index)
                .k(K)
                .recallTarget(RECALL_TARGET)
                .join(InputSpec.of(queryTable))
                .write()
                .mode("overwrite")
                .parquet(pairs);
        Map<String, List<String>> found = neighbors(session, pairs);
        print(
                out,
                "3. Join: the %d nearest words of %,d words in %.1f s.",
                K,
                found.size(),
                (System.nanoTime() - start) / 1e9);

        double recall = recall(Path.of(index), queries, found);
        print(
                out,
                "4. Recall against exact search: %.4f (asked for: %.2f).",
                recall,
                RECALL_TARGET);
        print(out, "5. Nearest words:");
        for (String word : SHOWN) {
            if (found.containsKey(word)) {
                print(out, "   %-10s %s", word, String.join(", ", found.get(word)));
            }
        }
        print(
                out,
                "The index is in %s; look around with: spark-jobs/bin/spark-spann info --index"
                        + " %1$s",
                index);
        return 0;
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    private static Dataset<Row> frame(SparkSession session, Words words) {
        List<Row> rows = new ArrayList<>();
        int d = words.vectors().dimensions();
        for (int i = 0; i < words.words().size(); i++) {
            List<Float> vector = new ArrayList<>(d);
            for (int j = 0; j < d; j++) {
                vector.add(words.vectors().floats()[i * d + j]);
            }
            rows.add(RowFactory.create(words.words().get(i), vector));
        }
        StructType schema =
                new StructType()
                        .add("id", DataTypes.StringType, false)
                        .add(
                                "vector",
                                DataTypes.createArrayType(DataTypes.FloatType, false),
                                false);
        return session.createDataFrame(rows, schema);
    }

    private static Map<String, List<String>> neighbors(SparkSession session, String pairs) {
        Map<String, List<String>> found = new HashMap<>();
        for (Row row : session.read().parquet(pairs).orderBy("query_id", "rank").collectAsList()) {
            found.computeIfAbsent(row.getString(0), word -> new ArrayList<>())
                    .add(row.getString(1));
        }
        return found;
    }

    private static double recall(Path index, Words queries, Map<String, List<String>> found) {
        try (SpannIndex open = SpannIndex.open(index)) {
            Neighbors truth = open.searchExact(queries.vectors(), K);
            long hits = 0;
            long wanted = 0;
            for (int q = 0; q < queries.words().size(); q++) {
                Set<String> words =
                        new HashSet<>(found.getOrDefault(queries.words().get(q), List.of()));
                for (int r = 0; r < truth.count(q); r++) {
                    hits += words.contains(truth.idText(q, r)) ? 1 : 0;
                    wanted++;
                }
            }
            return (double) hits / wanted;
        }
    }
}
