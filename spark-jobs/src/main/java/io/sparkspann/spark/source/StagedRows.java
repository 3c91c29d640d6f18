package io.sparkspann.spark.source;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.RowHash;
import io.sparkspann.spark.storage.LiteralPath;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.functions;

/**
 * The rows of a DataFrame, the same whenever they are asked for, as a build needs them that reads
 * them several times and runs tasks again. What is not plainly read from files is evaluated once,
 * into a hidden folder beside the index.
 */
final class StagedRows implements AutoCloseable {
    private final Dataset<Row> rows;
    private final String fingerprint;
    private final FileSystem fileSystem;
    private final Path folder;

    private StagedRows(Dataset<Row> rows, String fingerprint, FileSystem fileSystem, Path folder) {
        this.rows = rows;
        this.fingerprint = fingerprint;
        this.fileSystem = fileSystem;
        this.folder = folder;
    }

    static StagedRows of(Dataset<Row> data, String indexUri) {
        if (isOfFiles(data.queryExecution().analyzed())) {
            String files = String.join("\n", new TreeSet<>(Arrays.asList(data.inputFiles())));
            String plan = data.queryExecution().analyzed().canonicalized().toString();
            return new StagedRows(data, files + "\n" + plan, null, null);
        }
        SparkSession spark = data.sparkSession();
        Path index = new Path(indexUri);
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        try {
            FileSystem fileSystem = index.getFileSystem(conf);
            Path qualified = fileSystem.makeQualified(index);
            Path folder =
                    new Path(
                            qualified.getParent(),
                            "." + qualified.getName() + ".input-" + UUID.randomUUID());
            return write(data, fileSystem, folder);
        } catch (IOException e) {
            throw failure(index, "its file system cannot be reached", e);
        }
    }

    private static StagedRows write(Dataset<Row> data, FileSystem fileSystem, Path folder) {
        Observation seen = new Observation("spann input");
        try {
            data.observe(
                            seen,
                            functions.count(functions.lit(1)).alias("rows"),
                            functions.sum(RowHash.of(data).cast("decimal(20, 0)")).alias("hash"))
                    .write()
                    .parquet(folder.toString());
            Map<String, Object> content = content(seen);
            Dataset<Row> rows =
                    data.sparkSession()
                            .read()
                            .schema(data.schema())
                            .parquet(LiteralPath.of(folder));
            String fingerprint = content.get("rows") + " rows, hash " + content.get("hash");
            return new StagedRows(rows, fingerprint, fileSystem, folder);
        } catch (RuntimeException | Error e) {
            try {
                delete(fileSystem, folder);
            } catch (StorageException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private static Map<String, Object> content(Observation seen) {
        try {
            return seen.getAsJava();
        } catch (Exception e) {
            // Whether it is declared that waiting may be interrupted depends on Spark's version.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("The rows that were written have not been counted", e);
        }
    }

    /** Whether rows come from files, by nothing but choosing rows and columns. */
    private static boolean isOfFiles(LogicalPlan plan) {
        if (plan instanceof LogicalRelation relation) {
            return relation.relation() instanceof HadoopFsRelation;
        }
        boolean plain =
                plan instanceof Project || plan instanceof Filter || plan instanceof SubqueryAlias;
        // Each of these has one child.
        return plain && plan.deterministic() && isOfFiles(plan.children().head());
    }

    Dataset<Row> rows() {
        return rows;
    }

    /** Tells tables of different rows apart. */
    String fingerprint() {
        return fingerprint;
    }

    /** Removes the hidden folder. */
    @Override
    public void close() {
        if (folder != null) {
            delete(fileSystem, folder);
        }
    }

    private static void delete(FileSystem fileSystem, Path folder) {
        try {
            fileSystem.delete(folder, true);
        } catch (IOException e) {
            throw failure(folder, "cannot be deleted", e);
        }
    }

    private static StorageException failure(Path path, String what, IOException e) {
        return new StorageException(
                Redaction.redact(path.toString())
                        + ": "
                        + what
                        + ": "
                        + Redaction.redact(e.getMessage()),
                e);
    }
}
