package io.sparkspann.spark.bench;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.input.InputSpec;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** Builds the index with Spark from the Parquet copy, in a fresh JVM. */
final class OurBuild {
    static final String VERSION = "this build";

    private OurBuild() {}

    static Path index(Settings settings) {
        return settings.file("index");
    }

    static void run(Settings settings, Consumer<Point> points) throws Exception {
        try (SparkSession spark = Spark.session(settings)) {
            InputSpec base = new Tables(spark, settings).base();
            BuildReport[] report = new BuildReport[1];
            double seconds =
                    Passes.seconds(
                            () ->
                                    report[0] =
                                            SpannBuild.run(
                                                    spark,
                                                    base,
                                                    index(settings).toString(),
                                                    BuildOptions.of(settings.metricValue()),
                                                    BuildMode.OVERWRITE,
                                                    (stage, s) -> log(stage, s)));
            String note =
                    String.format(
                            Locale.ROOT,
                            "Parquet to published index, calibration included; %.0f MB",
                            BuildReport.indexBytes(report[0].manifest()) / 1e6);
            points.accept(
                    Point.build(
                            Point.Measured.here(Point.Measured.OURS, VERSION),
                            settings.threads(),
                            seconds,
                            note));
        }
    }

    private static void log(String stage, double seconds) {
        System.err.println(String.format(Locale.ROOT, "  %s %.1f s", stage, seconds));
    }
}
