package io.sparkspann.spark.build;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.build.RowKeeper;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Builds an index with Spark.
 *
 * <pre>{@code
 * InputSpec input = InputSpec.of("s3://bucket/table").withColumns("id", "embedding");
 * SpannBuild.run(spark, input, "s3://bucket/index", BuildOptions.of(Metric.COSINE), BuildMode.ERROR,
 *         (stage, seconds) -> System.err.println(stage + " " + seconds + " s"));
 * }</pre>
 */
public final class SpannBuild {
    private SpannBuild() {}

    /**
     * Reads a table, builds, and publishes a snapshot.
     *
     * @param indexUri index directory, in any Hadoop file system
     * @throws io.sparkspann.error.SpannException if input, options or the directory do not allow it
     */
    public static BuildReport run(
            SparkSession spark,
            InputSpec input,
            String indexUri,
            BuildOptions options,
            BuildMode mode,
            IndexBuilder.StageListener listener) {
        InputSpec checked = input.withDomain(options.metric().domain());
        String fingerprint = SourceFingerprint.of(checked, HadoopConf.of(spark).value());
        SparkEngine engine =
                inStage(
                        spark,
                        () ->
                                new SparkEngine(
                                        spark, VectorTable.open(spark, checked), fingerprint));
        return run(spark, engine, indexUri, options, mode, listener);
    }

    private static SparkEngine inStage(SparkSession spark, Supplier<SparkEngine> opener) {
        return StageName.during(spark.sparkContext(), SparkEngine.INPUT_STAGE, opener::get);
    }

    /**
     * Opens a table for a build that keeps its rows.
     *
     * @param keeper keeps the rows of that table
     */
    public static SparkEngine engine(
            SparkSession spark,
            InputSpec input,
            Metric metric,
            Function<VectorTable, RowKeeper> keeper) {
        InputSpec checked = input.withDomain(metric.domain());
        String fingerprint =
                SourceFingerprint.of(checked, HadoopConf.of(spark).value()) + " with rows";
        return inStage(
                spark,
                () -> {
                    VectorTable table = VectorTable.open(spark, checked);
                    return new SparkEngine(
                            spark, table, fingerprint, Optional.of(keeper.apply(table)));
                });
    }

    /**
     * Builds with an engine, and publishes a snapshot.
     *
     * @throws io.sparkspann.error.SpannException if table, options or the directory do not allow it
     */
    public static BuildReport run(
            SparkSession spark,
            SparkEngine engine,
            String indexUri,
            BuildOptions options,
            BuildMode mode,
            IndexBuilder.StageListener listener) {
        engine.requireKnownType(options.elementType());
        HadoopConf conf = HadoopConf.of(spark);
        return new IndexBuilder(
                        engine, () -> Storages.open(indexUri, conf.value()), options, listener)
                .build(mode);
    }
}
