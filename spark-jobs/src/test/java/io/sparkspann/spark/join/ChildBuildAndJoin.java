package io.sparkspann.spark.join;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.IndexBuilder;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.input.InputSpec;
import org.apache.spark.sql.SparkSession;

/**
 * Main class of a child JVM with little memory: builds an index and joins its vectors with
 * themselves. Arguments: scratch folder, input, index, output, bytes of a shard.
 */
final class ChildBuildAndJoin {
    private ChildBuildAndJoin() {}

    public static void main(String[] arguments) {
        SparkSession spark =
                SparkSession.builder()
                        .master("local[2]")
                        .config("spark.ui.enabled", "false")
                        .config("spark.driver.host", "127.0.0.1")
                        .config("spark.driver.bindAddress", "127.0.0.1")
                        .config("spark.testing.memory", Long.toString(512L << 20))
                        .config("spark.local.dir", arguments[0])
                        .config("spark.sql.files.maxPartitionBytes", "32m")
                        .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        try {
            IndexBuilder.StageListener listener =
                    (stage, seconds) -> System.err.println(stage + " " + (int) seconds + " s");
            BuildOptions wide = BuildOptions.of(Metric.L2).withCalibrationQueries(200);
            BuildOptions options =
                    new BuildOptions(
                            wide.metric(),
                            0,
                            wide.shardVectors(),
                            Long.parseLong(arguments[4]),
                            wide.replicas(),
                            wide.headRatio(),
                            wide.rngFactor(),
                            wide.balance(),
                            wide.calibrationQueries(),
                            wide.seed(),
                            wide.elementType(),
                            wide.quantizer());
            InputSpec input = InputSpec.of(arguments[1]);
            SpannBuild.run(spark, input, arguments[2], options, BuildMode.ERROR, listener);
            KnnJoin.of(spark, arguments[2])
                    .k(10)
                    .probes(2, Double.POSITIVE_INFINITY)
                    .memory(new JoinMemory(16 << 20, 0))
                    .join(input)
                    .write()
                    .parquet(arguments[3]);
        } finally {
            spark.stop();
        }
    }
}
