package io.sparkspann.spark.source;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.rows.KeptTable;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.RelationProvider;

/**
 * The data source {@code spann}: writes a DataFrame as an index that keeps its columns, reads the
 * table back, and joins with it.
 *
 * <pre>{@code
 * df.write().format("spann").option("metric", "cosine").save("s3://bucket/index");
 * Dataset<Row> table = spark.read().format("spann").load("s3://bucket/index");
 * Dataset<Row> pairs = spark.read().format("spann").option("queries", "some_view").option("k", 10)
 *         .load("s3://bucket/index");
 * }</pre>
 */
public final class SpannSource
        implements RelationProvider, CreatableRelationProvider, DataSourceRegister {
    private static final String VERSION_AS_OF = "versionAsOf";

    @Override
    public String shortName() {
        return "spann";
    }

    /** The base table; with the option {@code queries}, the rows of a join. */
    @Override
    public BaseRelation createRelation(
            SQLContext context, scala.collection.immutable.Map<String, String> parameters) {
        SparkSession spark = context.sparkSession();
        List<String> known = new ArrayList<>(WriteOptions.NAMES);
        known.addAll(JoinRead.NAMES);
        known.add(VERSION_AS_OF);
        SourceOptions options = new SourceOptions(map(parameters), known);
        Manifest manifest = manifest(spark, options);
        requireMetric(options, manifest);
        if (options.has(JoinRead.QUERIES)) {
            return new JoinRead(spark, options).relation(manifest);
        }
        JoinRead.requireNone(options);
        return new TableRelation(spark, KeptTable.of(options.path(), manifest));
    }

    /** A table may state the metric that its index was built with, but no other. */
    private static void requireMetric(SourceOptions options, Manifest manifest) {
        String metric = manifest.schema().metric().label();
        String stated = options.text("metric", metric).strip();
        if (!stated.equalsIgnoreCase(metric)) {
            throw new InvalidInputException(
                    "spann: option metric is '"
                            + stated
                            + "', but the index "
                            + Redaction.redact(options.path())
                            + " was built with "
                            + metric
                            + "; leave the option out, or build anew");
        }
    }

    private static Manifest manifest(SparkSession spark, SourceOptions options) {
        Snapshots snapshots =
                new Snapshots(Storages.open(options.path(), HadoopConf.of(spark).value()));
        return options.has(VERSION_AS_OF)
                ? snapshots.load(options.longInteger(VERSION_AS_OF, 0))
                : snapshots.requireCurrent();
    }

    /** Builds an index of the rows. */
    @Override
    public BaseRelation createRelation(
            SQLContext context,
            SaveMode mode,
            scala.collection.immutable.Map<String, String> parameters,
            Dataset<Row> data) {
        SparkSession spark = context.sparkSession();
        WriteOptions options = WriteOptions.of(map(parameters));
        new IndexWrite(spark, options).run(data, mode);
        // Tables of the catalog are resolved anew, to the new snapshot.
        data.queryExecution().sparkSession().sessionState().catalog().invalidateAllCachedTables();
        Manifest manifest =
                new Snapshots(Storages.open(options.path(), HadoopConf.of(spark).value()))
                        .requireCurrent();
        if (!manifest.hasRows()) {
            // Mode ignore let an index be that keeps no rows.
            return new UnreadTable(context, data.schema());
        }
        return new TableRelation(spark, KeptTable.of(options.path(), manifest));
    }

    private static Map<String, String> map(
            scala.collection.immutable.Map<String, String> parameters) {
        Map<String, String> map = new HashMap<>();
        for (var entries = parameters.iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            map.put(entry._1(), entry._2());
        }
        return map;
    }
}
