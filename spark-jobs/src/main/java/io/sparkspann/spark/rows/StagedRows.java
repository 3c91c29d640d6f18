package io.sparkspann.spark.rows;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.build.FailedJob;
import io.sparkspann.spark.build.SparkEngine;
import io.sparkspann.spark.build.TaskResult;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.LiteralPath;
import io.sparkspann.spark.storage.Storages;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a DataFrame, the same whenever they are asked for, as a build needs them that reads
 * them several times and runs tasks again. What is not plainly read from files is evaluated once,
 * into a hidden folder beside the index.
 */
public final class StagedRows implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StagedRows.class);

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

    /**
     * @param indexUri the index, beside which the rows may be written
     */
    public static StagedRows of(Dataset<Row> data, String indexUri) {
        RowFile.requireStorable(data.schema());
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
            if (qualified.getParent() == null) {
                throw new InvalidInputException(
                        Redaction.redact(indexUri)
                                + ": is the root of a file system, beside which the rows cannot be"
                                + " kept meanwhile; write to a folder in it");
            }
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
        SparkSession spark = data.sparkSession();
        StructType schema = data.schema();
        HadoopConf conf = HadoopConf.of(spark);
        String uri = folder.toString();
        try {
            List<byte[]> results =
                    StageName.during(
                            spark.sparkContext(),
                            SparkEngine.INPUT_STAGE,
                            () ->
                                    data.queryExecution()
                                            .toRdd()
                                            .toJavaRDD()
                                            .mapPartitions(rows -> write(conf, uri, schema, rows))
                                            .collect());
            List<String> files = new ArrayList<>();
            long count = 0;
            long hash = 0;
            for (byte[] result : results) {
                Written written = TaskResult.decode(result);
                files.add(LiteralPath.of(new Path(folder, written.file())));
                count += written.rows();
                hash += written.hash();
            }
            Dataset<Row> rows =
                    files.isEmpty()
                            ? spark.createDataFrame(List.of(), schema)
                            : KeptTable.reader(spark, schema).parquet(files.toArray(new String[0]));
            String fingerprint = count + " rows, hash " + Long.toHexString(hash);
            return new StagedRows(rows, fingerprint, fileSystem, folder);
        } catch (RuntimeException | Error e) {
            FailedJob.awaitTasks(spark.sparkContext());
            try {
                delete(fileSystem, folder);
            } catch (StorageException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /**
     * What a task wrote.
     *
     * @param hash the sum over all rows, which does not depend on their order
     */
    private record Written(String file, long rows, long hash) implements Serializable {}

    /** Writes a partition under a name that no other attempt uses, so that nothing is renamed. */
    private static Iterator<byte[]> write(
            HadoopConf conf, String folder, StructType schema, Iterator<InternalRow> rows) {
        if (!rows.hasNext()) {
            return List.<byte[]>of().iterator();
        }
        String name = "part-" + UUID.randomUUID() + ".parquet";
        long count = 0;
        long hash = 0;
        try (RowFile file = new RowFile(Storages.open(folder, conf.value()), name, schema)) {
            while (rows.hasNext()) {
                hash += file.append(rows.next());
                count++;
            }
            file.finish();
        }
        return List.of(TaskResult.encode(new Written(name, count, hash))).iterator();
    }

    /** Whether rows come from files, by choosing rows and columns and by Spark's own functions. */
    private static boolean isOfFiles(LogicalPlan plan) {
        if (plan instanceof LogicalRelation relation) {
            return relation.relation() instanceof HadoopFsRelation;
        }
        boolean plain =
                plan instanceof Project || plan instanceof Filter || plan instanceof SubqueryAlias;
        // Each of these has one child.
        return plain && PlainExpressions.all(plan) && isOfFiles(plan.children().head());
    }

    public Dataset<Row> rows() {
        return rows;
    }

    /** Tells tables of different rows apart. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Removes the hidden folder; that it cannot be is no reason to lose what was built from it. */
    @Override
    public void close() {
        if (folder != null) {
            try {
                delete(fileSystem, folder);
            } catch (StorageException e) {
                LOG.warn("{}; the rows of a write lie there, delete it", e.getMessage());
            }
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
