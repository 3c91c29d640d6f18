package io.sparkspann.spark.sql;

import io.sparkspann.spark.source.IndexedTable;
import io.sparkspann.spark.source.SpannIndexes;
import io.sparkspann.spark.source.SpannIndexes.Registration;
import io.sparkspann.spark.source.TableFingerprint;
import io.sparkspann.spark.source.TableRelation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.internal.SQLConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/** The tables with indexes that a plan may read: those of the source, and registered ones. */
final class Tables {
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private final SparkSession spark;
    private final CommonTables common;

    Tables(SparkSession spark, LogicalPlan plan) {
        this.spark = spark;
        this.common = CommonTables.of(plan);
    }

    /** See {@link CommonTables#meaning}. */
    Optional<LogicalPlan> meaning(LogicalPlan plan) {
        return common.meaning(plan);
    }

    /** The table that a relation is, if there is an index for it. */
    Optional<IndexedTable> indexed(LogicalRelation relation) {
        if (relation.relation() instanceof TableRelation table) {
            return Optional.of(table.indexed());
        }
        List<String> indexes =
                SpannIndexes.of(SQLConf.get().getConfString(SpannIndexes.INDEXES_KEY, ""));
        return relation.relation() instanceof HadoopFsRelation files && !indexes.isEmpty()
                ? registered(files, indexes)
                : Optional.empty();
    }

    private Optional<IndexedTable> registered(HadoopFsRelation relation, List<String> indexes) {
        String fingerprint = TableFingerprint.of(files(relation.location()));
        List<Registration> registrations = SpannIndexes.registrations(spark, indexes);
        for (Registration registration : registrations) {
            if (registration.fingerprint().equals(fingerprint)) {
                return Optional.of(registration.indexed());
            }
        }
        registrations.forEach(
                registration ->
                        LOG.warn(
                                "{}, registered for {}, is not used: the files that are joined are"
                                        + " not those of then; register it for them, or build it"
                                        + " anew",
                                registration.indexed(),
                                registration.table()));
        return Optional.empty();
    }

    /** All files of a table; what is listed anew when the table is refreshed. */
    private static List<FileStatus> files(FileIndex location) {
        List<FileStatus> files = new ArrayList<>();
        for (PartitionDirectory folder :
                CollectionConverters.asJava(location.listFiles(Plans.none(), Plans.none()))) {
            CollectionConverters.asJava(folder.files())
                    .forEach(file -> files.add(file.fileStatus()));
        }
        return files;
    }
}
