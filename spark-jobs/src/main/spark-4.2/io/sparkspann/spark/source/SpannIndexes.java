package io.sparkspann.spark.source;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.SpannException;
import io.sparkspann.format.BuildMark;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.error.Redaction;
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
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

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

    private static final Logger LOG = LoggerFactory.getLogger(SpannIndexes.class);

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
        String name = Redaction.redact(table);
        requireColumns(rows, name, idColumn, vectorColumn);
        new RegisteredTable(rows, name, idColumn, vectorColumn).requireIndexed(indexUri, manifest);
        Map<String, String> registered = new LinkedHashMap<>();
        registered.put(TABLE, name);
        registered.put(ID_COLUMN, idColumn);
        registered.put(VECTOR_COLUMN, vectorColumn);
        registered.put(FINGERPRINT, fingerprint(rows, name, idColumn, vectorColumn));
        snapshots.publish(
                manifest.toBuilder()
                        .snapshot(manifest.snapshot() + 1)
                        .created(Instant.now().truncatedTo(ChronoUnit.SECONDS))
                        .registered(registered)
                        .build());
        use(spark, indexUri);
    }

    private static String fingerprint(
            Dataset<Row> rows, String table, String idColumn, String vectorColumn) {
        LogicalPlan plan = rows.queryExecution().analyzed();
        return table(plan, Set.of(idColumn, vectorColumn))
                .flatMap(
                        relation ->
                                TableFingerprint.of(relation)
                                        .flatMap(
                                                content ->
                                                        columns(
                                                                content,
                                                                relation,
                                                                idColumn,
                                                                vectorColumn)))
                .orElseThrow(
                        () ->
                                new InvalidInputException(
                                        table
                                                + ": is neither one table of files nor one with"
                                                + " versions, or is a view of some of it, so that a"
                                                + " change of the table could not be told; register"
                                                + " the index for the table itself"));
    }

    /**
     * The table that a plan is, all rows of it, with the named columns as they are; empty if it is
     * more than that, such as a view with a condition: what is indexed would not be the table.
     */
    private static Optional<LogicalPlan> table(LogicalPlan plan, Set<String> columns) {
        if (plan instanceof SubqueryAlias || plan instanceof View) {
            return table(plan.children().head(), columns);
        }
        if (plan instanceof Project project) {
            boolean asTheyAre =
                    CollectionConverters.asJava(project.projectList()).stream()
                            .filter(column -> columns.contains(column.name()))
                            .allMatch(SpannIndexes::isUnchanged);
            return asTheyAre ? table(project.child(), columns) : Optional.empty();
        }
        return plan.children().isEmpty() ? Optional.of(plan) : Optional.empty();
    }

    /** Views cast their columns to the types that these had when the view was made. */
    private static boolean isUnchanged(NamedExpression column) {
        if (!(column instanceof Alias alias)) {
            return column instanceof Attribute;
        }
        Expression child =
                alias.child() instanceof Cast cast
                                && cast.dataType().equals(cast.child().dataType())
                        ? cast.child()
                        : alias.child();
        return child instanceof Attribute of && of.name().equals(alias.name());
    }

    private static Optional<String> columns(
            TableFingerprint content, LogicalPlan table, String id, String vector) {
        return Columns.of(table, id)
                .flatMap(i -> Columns.of(table, vector).map(v -> content.of(i, v)));
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

    /**
     * What an index was registered for.
     *
     * @param table name that was given
     */
    public record Registration(IndexedTable indexed, String table, String fingerprint) {}

    /** The registrations of some indexes; the log says which of them have none. */
    public static List<Registration> registrations(SparkSession spark, List<String> indexes) {
        List<Registration> found = new ArrayList<>();
        for (String uri : indexes) {
            try {
                Storage storage = Storages.open(uri, HadoopConf.of(spark).value());
                Manifest manifest = new Snapshots(storage).requireCurrent();
                if (manifest.registered().containsKey(FINGERPRINT)) {
                    found.add(registration(uri, manifest));
                } else {
                    LOG.warn(
                            "{} of {} is not used: it is registered for no table, or was rebuilt"
                                    + " since; register it again",
                            Redaction.redact(uri),
                            INDEXES_KEY);
                }
            } catch (SpannException e) {
                LOG.warn(
                        "{} of {} is not used: {}",
                        Redaction.redact(uri),
                        INDEXES_KEY,
                        Redaction.redact(e.getMessage()));
            }
        }
        return found;
    }

    private static Registration registration(String uri, Manifest manifest) {
        Map<String, String> registered = manifest.registered();
        return new Registration(
                new IndexedTable(
                        uri, manifest, registered.get(ID_COLUMN), registered.get(VECTOR_COLUMN)),
                registered.get(TABLE),
                registered.get(FINGERPRINT));
    }
}
