package io.sparkspann.spark.bench;

import io.sparkspann.distance.Metric;
import io.sparkspann.spark.bench.Point.Asked;
import io.sparkspann.vector.file.VectorFile;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Spark's own NEAREST BY, which compares every pair, on a slice of queries and base vectors that it
 * can finish. Two sizes of the slice tell the cost of a pair, without the fixed cost of a job; the
 * throughput on the whole table is what that cost and its number of pairs give.
 */
final class NearestBy {
    static final String NAME = "nearest-by";

    /** The slice is joined whole, and this part of its base vectors. */
    private static final int PART = 4;

    private NearestBy() {}

    static void run(Settings settings, Consumer<Point> points) throws Exception {
        try (SparkSession spark = Spark.session(settings)) {
            if (!spark.catalog().functionExists("vector_l2_distance")) {
                System.err.println(
                        "skipped nearest-by: Spark " + spark.version() + " has no NEAREST BY");
                return;
            }
            long rows;
            long queryRows;
            try (VectorFile base = DataFiles.open(settings.base());
                    VectorFile queries = DataFiles.open(settings.queries())) {
                rows = base.size();
                queryRows = Math.min(settings.sliceQueries(), queries.size());
            }
            long slice = Math.min(rows, settings.sliceBase());
            slices(spark, settings);
            int k = settings.ks().get(0);
            join(spark, settings, sql(settings.metricValue(), k, "base"));
            double part = fastest(spark, settings, sql(settings.metricValue(), k, "part"));
            double all = fastest(spark, settings, sql(settings.metricValue(), k, "base"));
            double perRow = (all - part) / (slice - slice / PART);
            if (perRow <= 0) {
                System.err.println("nearest-by: the slice is too small to be timed; see --slice");
                perRow = all / slice;
            }
            Asked asked = new Asked(k, "exact", settings.threads(), queryRows);
            points.accept(
                    Point.throughput(
                                    Point.Measured.here(NAME, "Spark " + spark.version()),
                                    Point.JOIN,
                                    asked,
                                    1.0,
                                    perRow * rows)
                            .withNote(
                                    String.format(
                                            Locale.ROOT,
                                            "measured: %,d queries, %,d base vectors %.2f s, %,d"
                                                + " base vectors %.2f s; the difference scaled by"
                                                + " pairs to %,d base vectors, so without the fixed"
                                                + " cost of a job",
                                            queryRows,
                                            slice,
                                            all,
                                            slice / PART,
                                            part,
                                            rows)));
        }
    }

    private static double fastest(SparkSession spark, Settings settings, String sql)
            throws Exception {
        return Math.min(
                Passes.seconds(() -> join(spark, settings, sql)),
                Passes.seconds(() -> join(spark, settings, sql)));
    }

    private static void slices(SparkSession spark, Settings settings) {
        Tables tables = new Tables(spark, settings);
        String base = settings.file("slice-base.parquet").toString();
        String queries = settings.file("slice-queries.parquet").toString();
        tables.floats(settings.base(), settings.sliceBase())
                .repartition(settings.threads())
                .write()
                .mode("overwrite")
                .parquet(base);
        tables.floats(settings.queries(), settings.sliceQueries())
                .repartition(settings.threads())
                .write()
                .mode("overwrite")
                .parquet(queries);
        Dataset<Row> all = spark.read().parquet(base);
        all.createOrReplaceTempView("base");
        all.filter(functions.col("id").lt(settings.sliceBase() / PART))
                .createOrReplaceTempView("part");
        spark.read().parquet(queries).createOrReplaceTempView("queries");
    }

    private static String sql(Metric metric, int k, String table) {
        String ranking =
                metric == Metric.COSINE
                        ? "SIMILARITY vector_cosine_similarity(q.vector, b.vector)"
                        : "DISTANCE vector_l2_distance(q.vector, b.vector)";
        return "SELECT q.id AS query_id, b.id AS neighbor_id FROM queries q"
                + (" JOIN " + table + " b EXACT NEAREST " + k + " BY " + ranking);
    }

    private static void join(SparkSession spark, Settings settings, String sql) {
        spark.sql(sql)
                .write()
                .mode("overwrite")
                .parquet(settings.file("slice-pairs.parquet").toString());
    }
}
