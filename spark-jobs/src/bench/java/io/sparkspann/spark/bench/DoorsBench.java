package io.sparkspann.spark.bench;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.join.KnnJoin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what the data source and SQL cost over the plain build and join. */
@Command(
        name = "bench doors",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Builds an index from a Parquet table by the plain build and by the data source, and"
                    + " joins by the plain join, the data source and SQL, Parquet to Parquet, in"
                    + " one warm session.",
            "Then joins a slice by SQL, on the index and by brute force, and compares the rows."
        })
final class DoorsBench implements Callable<Integer> {
    @Option(names = "--base", required = true, paramLabel = "FILE", description = "fvecs or bvecs.")
    private String base;

    @Option(
            names = "--join-queries",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Base vectors that are joined (default 100000).")
    private long joinQueries;

    @Option(
            names = "--slice",
            paramLabel = "Q,B",
            split = ",",
            defaultValue = "200,20000",
            description = "Queries and base vectors for brute force (default 200,20000).")
    private List<Long> slice;

    @Option(names = "--rounds", defaultValue = "4", description = "Of joins (default 4).")
    private int rounds;

    @Option(names = "--threads", defaultValue = "2", description = "(default 2)")
    private int threads;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/bench-doors",
            description = "Tables and indexes (default target/bench-doors).")
    private Path work;

    private SparkSession spark;

    /** Something that is timed. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] args) {
        System.exit(ScaleBench.commandLine(new DoorsBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(work);
        spark =
                SparkSession.builder()
                        .appName("bench doors")
                        .master("local[" + threads + "]")
                        .config("spark.ui.enabled", "false")
                        .config("spark.driver.host", "127.0.0.1")
                        .config("spark.driver.bindAddress", "127.0.0.1")
                        .config("spark.local.dir", path("local"))
                        .config("spark.sql.warehouse.dir", path("warehouse"))
                        .config("spark.sql.extensions", "io.sparkspann.sql.SpannExtensions")
                        .getOrCreate();
        try {
            tables();
            builds();
            joins();
            slice();
        } finally {
            spark.stop();
        }
        return 0;
    }

    private String path(String name) {
        return work.toAbsolutePath().resolve(name).toString();
    }

    /** Vectors of bytes as arrays of smallint, queries as the arrays of float that SQL wants. */
    private void tables() {
        VectorTable vectors = VectorTable.open(spark, InputSpec.of(base));
        StructType schema =
                new StructType()
                        .add("id", DataTypes.LongType, false)
                        .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false));
        Dataset<Row> floats =
                spark.createDataFrame(
                        vectors.batches()
                                .flatMap(
                                        batch ->
                                                IntStream.range(0, batch.size())
                                                        .mapToObj(
                                                                i ->
                                                                        RowFactory.create(
                                                                                batch.ids()
                                                                                        .number(i),
                                                                                components(
                                                                                        batch
                                                                                                .vectors(),
                                                                                        i)))
                                                        .iterator()),
                        schema);
        String stored = vectors.elementType().isByte() ? "array<smallint>" : "array<float>";
        save(floats.selectExpr("id", "cast(vector as " + stored + ") as vector"), "base.parquet");
        save(floats.where("id < " + joinQueries), "queries.parquet");
        save(
                floats.where("id < " + slice.get(1))
                        .selectExpr("id", "cast(vector as " + stored + ") as vector"),
                "slice.parquet");
    }

    private static Float[] components(io.sparkspann.vector.VectorBlock block, int row) {
        float[] floats = new float[block.dimensions()];
        block.copyTo(row, floats, 0);
        Float[] boxed = new Float[floats.length];
        Arrays.setAll(boxed, j -> floats[j]);
        return boxed;
    }

    private void save(Dataset<Row> rows, String name) {
        rows.write().mode("overwrite").parquet(path(name));
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private void builds() throws Exception {
        InputSpec input = InputSpec.of(path("base.parquet"));
        BuildOptions options = BuildOptions.of(Metric.L2);
        for (int round = 0; round < 2; round++) {
            double plain =
                    seconds(
                            () ->
                                    SpannBuild.run(
                                            spark,
                                            input,
                                            path("plain.index"),
                                            options,
                                            BuildMode.OVERWRITE,
                                            (stage, time) -> {}));
            double source =
                    seconds(
                            () ->
                                    spark.read()
                                            .parquet(path("base.parquet"))
                                            .write()
                                            .format("spann")
                                            .mode("overwrite")
                                            .save(path("source.index")));
            print("build, round " + (round + 1), Map.of("plain", plain, "data source", source));
        }
    }

    private void joins() throws Exception {
        String index = path("source.index");
        spark.sql("CREATE TABLE t USING spann LOCATION '" + index + "'");
        spark.read().parquet(path("queries.parquet")).createOrReplaceTempView("q");
        Map<String, Work> doors = new LinkedHashMap<>();
        doors.put(
                "plain",
                () ->
                        save(
                                KnnJoin.of(spark, index)
                                        .k(10)
                                        .join(InputSpec.of(path("queries.parquet"))),
                                "plain.pairs"));
        doors.put(
                "data source",
                () ->
                        save(
                                spark.read()
                                        .format("spann")
                                        .option("queries", path("queries.parquet"))
                                        .option("k", 10)
                                        .load(index)
                                        .selectExpr("id", "neighbor_id", "distance", "rank"),
                                "source.pairs"));
        doors.put("SQL", () -> save(spark.sql(nearest("q", "t", "APPROX", 10)), "sql.pairs"));
        for (int round = 0; round < rounds; round++) {
            Map<String, Double> times = new LinkedHashMap<>();
            for (Map.Entry<String, Work> door : doors.entrySet()) {
                times.put(door.getKey(), seconds(door.getValue()));
            }
            print("join of " + joinQueries + ", round " + (round + 1), times);
        }
        for (String condition :
                List.of("id % 2 = 0", "id % 10 = 0", "id % 100 = 0", "vector[0] > 60")) {
            filter(condition);
        }
        spark.sql("DROP TABLE t");
    }

    /** Joins with a filter of the right side, whose rows lie everywhere or near each other. */
    private void filter(String condition) throws Exception {
        String some = "(SELECT * FROM t WHERE " + condition + ")";
        double share =
                (double) spark.table("t").where(condition).count() / spark.table("t").count();
        Map<String, Double> times = new LinkedHashMap<>();
        for (int round = 0; round < 2; round++) {
            times.put(
                    "SQL",
                    seconds(() -> save(spark.sql(nearest("q", some, "APPROX", 10)), "filter")));
        }
        spark.read()
                .parquet(path("queries.parquet"))
                .where("id < " + slice.get(0))
                .createOrReplaceTempView("some");
        spark.conf().set("spark.spann.probes", 1_000_000);
        save(spark.sql(nearest("some", some, "APPROX", 10)), "exact");
        spark.conf().unset("spark.spann.probes");
        Dataset<Row> exact = spark.read().parquet(path("exact"));
        Dataset<Row> found =
                spark.read().parquet(path("filter")).where("query_id < " + slice.get(0));
        print("join of " + joinQueries + " where " + condition, times);
        System.out.printf(
                Locale.ROOT,
                "share of rows %.3f, recall %.4f%n",
                share,
                (double) exact.intersect(found).count() / exact.count());
    }

    private static String nearest(String queries, String table, String mode, int k) {
        return "SELECT a.id AS query_id, b.id AS neighbor_id FROM "
                + queries
                + " a JOIN "
                + table
                + " b "
                + mode
                + " NEAREST "
                + k
                + " BY DISTANCE vector_l2_distance(a.vector, cast(b.vector as array<float>))";
    }

    private void slice() throws Exception {
        String index = path("slice.index");
        spark.read()
                .parquet(path("slice.parquet"))
                .write()
                .format("spann")
                .mode("overwrite")
                .save(index);
        spark.sql("CREATE TABLE s USING spann LOCATION '" + index + "'");
        spark.read()
                .parquet(path("queries.parquet"))
                .where("id < " + slice.get(0))
                .createOrReplaceTempView("some");
        Map<String, Double> times = new LinkedHashMap<>();
        for (int round = 0; round < 2; round++) {
            times.put(
                    "brute force",
                    seconds(() -> save(spark.sql(nearest("some", "s", "EXACT", 10)), "exact")));
            spark.conf().set("spark.spann.probes", 1_000_000);
            times.put(
                    "index, all postings",
                    seconds(() -> save(spark.sql(nearest("some", "s", "APPROX", 10)), "all")));
            spark.conf().unset("spark.spann.probes");
            times.put(
                    "index, recall target 0.95",
                    seconds(() -> save(spark.sql(nearest("some", "s", "APPROX", 10)), "approx")));
        }
        print("slice of " + slice, times);
        Dataset<Row> exact = spark.read().parquet(path("exact"));
        Dataset<Row> all = spark.read().parquet(path("all"));
        System.out.printf(
                Locale.ROOT,
                "%d rows by brute force, %d of them on the index with all postings, %d at the"
                        + " target%n",
                exact.count(),
                exact.intersect(all).count(),
                exact.intersect(spark.read().parquet(path("approx"))).count());
        spark.sql("DROP TABLE s");
    }

    private static void print(String what, Map<String, Double> seconds) {
        List<String> parts = new ArrayList<>();
        seconds.forEach(
                (name, time) -> parts.add(String.format(Locale.ROOT, "%s %.2f s", name, time)));
        System.out.println(what + ": " + String.join(", ", parts));
    }
}
