package io.sparkspann.spark.source;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.BuildMark;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import io.sparkspann.storage.Storage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.Seq;

/**
 * Indexes that answer for tables in other formats, such as Parquet or Delta Lake: which is said
 * once, in the index, and holds until the table changes. A session looks at the indexes of the
 * setting {@value #INDEXES_KEY}.
 */
public final class SpannIndexes {
    /** Setting: index directories, separated by commas. */
    public static final String INDEXES_KEY = "spark.spann.indexes";

    private static final String TABLE = "table";
    private static final String ID_COLUMN = "idColumn";
    private static final String VECTOR_COLUMN = "vectorColumn";
    private static final String FINGERPRINT = "fingerprint";

    /** Rows that are searched for, to see whether the index is that of the table. */
    private static final int PROBED_ROWS = 20;

    /** Postings in which a vector finds itself, if it is there. */
    private static final int PROBES = 64;

    /** A distance that vectors have to themselves, where they are narrowed to floats. */
    private static final double NEARLY_ZERO = 1e-3;

    private SpannIndexes() {}

    /**
     * As {@link #register(SparkSession, String, String, String, String)}, with ids in {@code id}.
     */
    public static void register(
            SparkSession spark, String table, String vectorColumn, String indexUri) {
        register(spark, table, "id", vectorColumn, indexUri);
    }

    /**
     * States that an index, built from a table, answers for it: publishes a snapshot that says so,
     * and lets this session use it.
     *
     * @param table name of a table or view of the session, or path of a Parquet file or folder
     * @throws InvalidInputException if index and table do not belong together
     */
    public static void register(
            SparkSession spark,
            String table,
            String idColumn,
            String vectorColumn,
            String indexUri) {
        Storage storage = Storages.open(indexUri, HadoopConf.of(spark).value());
        Snapshots snapshots = new Snapshots(storage);
        Manifest manifest = snapshots.requireCurrent();
        if (BuildMark.find(storage).isPresent()) {
            throw new InvalidInputException(
                    Redaction.redact(indexUri)
                            + ": a build is under way there; register when it is finished");
        }
        Dataset<Row> rows = rows(spark, table);
        requireColumns(rows, table, idColumn, vectorColumn);
        requireSame(rows, table, manifest, indexUri, idColumn, vectorColumn);
        Map<String, String> registered = new LinkedHashMap<>();
        registered.put(TABLE, Redaction.redact(table));
        registered.put(ID_COLUMN, idColumn);
        registered.put(VECTOR_COLUMN, vectorColumn);
        registered.put(FINGERPRINT, fingerprint(rows, table));
        snapshots.publish(
                manifest.toBuilder()
                        .snapshot(manifest.snapshot() + 1)
                        .created(Instant.now().truncatedTo(ChronoUnit.SECONDS))
                        .registered(registered)
                        .build());
        use(spark, indexUri);
    }

    private static String fingerprint(Dataset<Row> rows, String table) {
        Seq<LogicalPlan> leaves = rows.queryExecution().analyzed().collectLeaves();
        Optional<String> fingerprint =
                leaves.size() == 1 ? TableFingerprint.of(leaves.head()) : Optional.empty();
        return fingerprint.orElseThrow(
                () ->
                        new InvalidInputException(
                                table
                                        + ": is neither one table of files nor one with versions,"
                                        + " so that a change of it could not be told; register the"
                                        + " index for the table itself"));
    }

    /** Lets this session use an index that has been registered before. */
    public static void use(SparkSession spark, String indexUri) {
        Set<String> indexes = new LinkedHashSet<>(of(spark.conf().get(INDEXES_KEY, "")));
        indexes.add(indexUri);
        spark.conf().set(INDEXES_KEY, String.join(",", indexes));
    }

    /** The indexes of a setting. */
    public static List<String> of(String setting) {
        return Arrays.stream(setting.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Dataset<Row> rows(SparkSession spark, String table) {
        return table.indexOf('/') >= 0 ? spark.read().parquet(table) : spark.table(table);
    }

    private static void requireColumns(
            Dataset<Row> rows, String table, String idColumn, String vectorColumn) {
        List<String> names = Arrays.asList(rows.columns());
        for (String name : List.of(idColumn, vectorColumn)) {
            if (!names.contains(name)) {
                throw new InvalidInputException(
                        table + ": no column '" + name + "'; it has " + String.join(", ", names));
            }
        }
    }

    private static void requireSame(
            Dataset<Row> rows,
            String table,
            Manifest manifest,
            String indexUri,
            String idColumn,
            String vectorColumn) {
        long count = rows.count();
        long skipped = manifest.statistics().path("skippedRows").asLong();
        if (count != manifest.vectors() + skipped) {
            throw new InvalidInputException(
                    table
                            + ": has "
                            + count
                            + " rows, but the index was built from "
                            + (manifest.vectors() + skipped)
                            + "; build it anew");
        }
        if (manifest.schema().metric() == Metric.IP) {
            // A vector need not be its own nearest.
            return;
        }
        Dataset<Row> some =
                rows.where(rows.col(ColumnNames.quote(vectorColumn)).isNotNull())
                        .select(ColumnNames.quote(idColumn), ColumnNames.quote(vectorColumn))
                        .limit(PROBED_ROWS);
        long others =
                KnnJoin.of(rows.sparkSession(), indexUri, manifest)
                        .k(1)
                        .probes(PROBES, Double.POSITIVE_INFINITY)
                        .vectorColumn(vectorColumn)
                        .join(some)
                        .where("distance > " + NEARLY_ZERO)
                        .count();
        if (others > 0) {
            throw new InvalidInputException(
                    table
                            + ": of "
                            + PROBED_ROWS
                            + " of its vectors the index does not hold "
                            + others
                            + ", so that it is none of this table; build it anew");
        }
    }

    /**
     * What an index was registered for.
     *
     * @param table name that was given
     */
    public record Registration(IndexedTable indexed, String table, String fingerprint) {}

    /** The registrations of some indexes; those that have none are left out. */
    public static List<Registration> registrations(SparkSession spark, List<String> indexes) {
        List<Registration> found = new ArrayList<>();
        for (String uri : indexes) {
            Manifest manifest =
                    new Snapshots(Storages.open(uri, HadoopConf.of(spark).value()))
                            .requireCurrent();
            Map<String, String> registered = manifest.registered();
            if (registered.containsKey(FINGERPRINT)) {
                found.add(
                        new Registration(
                                new IndexedTable(
                                        uri,
                                        manifest,
                                        registered.get(ID_COLUMN),
                                        registered.get(VECTOR_COLUMN)),
                                registered.get(TABLE),
                                registered.get(FINGERPRINT)));
            }
        }
        return found;
    }
}
