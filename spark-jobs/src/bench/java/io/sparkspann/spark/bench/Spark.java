package io.sparkspann.spark.bench;

import org.apache.spark.sql.SparkSession;

/** The Spark session of a part, as the command {@code spark-spann} has it in one JVM. */
final class Spark {
    private Spark() {}

    static SparkSession session(Settings settings) {
        return SparkSession.builder()
                .appName("bench")
                .master("local[" + settings.threads() + "]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.files.maxPartitionBytes", "64m")
                .config("spark.local.dir", settings.file("spark-local").toString())
                .config("spark.sql.warehouse.dir", settings.file("warehouse").toString())
                .getOrCreate();
    }
}
