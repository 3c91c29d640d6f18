package io.sparkspann.spark.bench;

import io.sparkspann.distance.Metric;
import io.sparkspann.spark.bench.Point.Asked;
import io.sparkspann.vector.file.VectorFile;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Spark's own NEAREST BY, which compares every pair, on a slice of queries and base vectors that it
 * can finish. Its throughput on the whole table is taken for that on the slice, divided by how many
 * times more pairs a query then has.
 */
final class NearestBy {
    static final String NAME = "nearest-by";

    private NearestBy() {}

    static void run(Settings settings, Consumer<Point> points) throws Exception {
        try (SparkSession spark = Spark.session(settings)) {
            if (spark.version().startsWith("3.") || spark.version().compareTo("4.2") < 0) {
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
            String sql = sql(settings.metricValue(), k);
            join(spark, settings, sql);
            double seconds = Passes.seconds(() -> join(spark, settings, sql));
            double scale = (double) rows / slice;
            Asked asked = new Asked(k, "exact", settings.threads(), queryRows);
            points.accept(
                    Point.throughput(
                                    Point.Measured.here(NAME, "Spark " + spark.version()),
                                    Point.JOIN,
                                    asked,
                                    1.0,
                                    seconds * scale)
                            .withNote(
                                    String.format(
                                            Locale.ROOT,
                                            "measured: %,d queries, %,d base vectors, %.2f s;"
                                                    + " scaled by pairs to %,d base vectors",
                                            queryRows,
                                            slice,
                                            seconds,
                                            rows)));
        }
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
        spark.read().parquet(base).createOrReplaceTempView("base");
        spark.read().parquet(queries).createOrReplaceTempView("queries");
    }

    private static String sql(Metric metric, int k) {
        String ranking =
                metric == Metric.COSINE
                        ? "SIMILARITY vector_cosine_similarity(q.vector, b.vector)"
                        : "DISTANCE vector_l2_distance(q.vector, b.vector)";
        return "SELECT q.id AS query_id, b.id AS neighbor_id FROM queries q"
                + (" JOIN base b EXACT NEAREST " + k + " BY " + ranking);
    }

    private static void join(SparkSession spark, Settings settings, String sql) {
        spark.sql(sql)
                .write()
                .mode("overwrite")
                .parquet(settings.file("slice-pairs.parquet").toString());
    }
}
