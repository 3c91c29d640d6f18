package io.sparkspann.spark.bench;

import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.bench.Point.Asked;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.KnnJoin;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Joins base vectors with the index, each without itself, Parquet to Parquet: first in a fresh
 * session, then in a warm one. Recall is that of the held-out queries at the same target.
 */
final class OurJoin {
    private static final List<Double> TARGETS = List.of(0.90, 0.95, 0.99);
    private static final double MIDDLE = 0.95;
    private static final int WARM_JOINS = 5;

    private final Settings settings;
    private final Consumer<Point> points;
    private final Point.Measured system =
            Point.Measured.here(Point.Measured.OURS, OurBuild.VERSION);
    private final SparkSession spark;
    private final Recall recall;
    private final InputSpec base;
    private final InputSpec heldOut;

    private OurJoin(Settings settings, SparkSession spark, Recall recall, Consumer<Point> points) {
        this.settings = settings;
        this.spark = spark;
        this.recall = recall;
        this.points = points;
        Tables tables = new Tables(spark, settings);
        this.base = tables.joinQueries();
        this.heldOut = tables.queries();
    }

    static void run(Settings settings, Consumer<Point> points) throws Exception {
        float[][] scaled = DataFiles.rows(settings.queries(), settings.metricValue());
        try (SparkSession spark = Spark.session(settings);
                Recall recall = new Recall(settings, scaled)) {
            new OurJoin(settings, spark, recall, points).run();
        }
    }

    private void run() throws Exception {
        int k = settings.ks().get(0);
        double cold = Passes.seconds(() -> join(SearchOptions.ofRecall(k, MIDDLE)));
        for (int i = 0; i < WARM_JOINS; i++) {
            // The compiler needs several joins of this size until all is compiled.
            join(SearchOptions.ofRecall(k, MIDDLE));
        }
        record(Point.FIRST_JOIN, SearchOptions.ofRecall(k, MIDDLE), cold);
        for (int each : settings.ks()) {
            for (double target : each == k ? TARGETS : List.of(MIDDLE)) {
                SearchOptions options = SearchOptions.ofRecall(each, target);
                double best = Double.POSITIVE_INFINITY;
                for (int i = 0; i < WARM_JOINS; i++) {
                    best = Math.min(best, Passes.seconds(() -> join(options)));
                }
                record(Point.JOIN, options, best);
            }
        }
    }

    private void join(SearchOptions options) {
        KnnJoin.of(spark, OurBuild.index(settings).toString())
                .with(options)
                .excludeSelf(true)
                .join(base)
                .write()
                .mode("overwrite")
                .parquet(settings.file("pairs.parquet").toString());
    }

    private void record(String phase, SearchOptions options, double seconds) {
        if (!recall.covers(options.k())) {
            return;
        }
        String setting = "recall target " + options.recallTarget();
        Asked asked = new Asked(options.k(), setting, settings.threads(), settings.joinQueries());
        points.accept(
                Point.throughput(system, phase, asked, recallOf(options), seconds)
                        .withNote(settings.joinQueries() + " base vectors, Parquet to Parquet"));
    }

    private double recallOf(SearchOptions options) {
        List<Row> rows =
                KnnJoin.of(spark, OurBuild.index(settings).toString())
                        .with(options)
                        .join(heldOut)
                        .select("query_id", "neighbor_id", "rank")
                        .collectAsList();
        int[][] found = new int[recall.queries()][options.k()];
        for (int[] ids : found) {
            Arrays.fill(ids, -1);
        }
        for (Row row : rows) {
            found[(int) row.getLong(0)][row.getInt(2) - 1] = (int) row.getLong(1);
        }
        return recall.of(found, options.k());
    }
}
