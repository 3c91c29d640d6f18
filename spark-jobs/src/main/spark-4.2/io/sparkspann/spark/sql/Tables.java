package io.sparkspann.spark.sql;

import io.sparkspann.spark.source.IndexedTable;
import io.sparkspann.spark.source.SpannIndexes;
import io.sparkspann.spark.source.SpannIndexes.Registration;
import io.sparkspann.spark.source.TableFingerprint;
import io.sparkspann.spark.source.TableRelation;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.internal.SQLConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    Optional<IndexedTable> indexed(LogicalPlan relation) {
        if (relation instanceof LogicalRelation v1 && v1.relation() instanceof TableRelation t) {
            return Optional.of(t.indexed());
        }
        List<String> indexes =
                SpannIndexes.of(SQLConf.get().getConfString(SpannIndexes.INDEXES_KEY, ""));
        return indexes.isEmpty()
                ? Optional.empty()
                : TableFingerprint.of(relation).flatMap(content -> registered(content, indexes));
    }

    private Optional<IndexedTable> registered(String fingerprint, List<String> indexes) {
        List<Registration> registrations = SpannIndexes.registrations(spark, indexes);
        for (Registration registration : registrations) {
            if (registration.fingerprint().equals(fingerprint)) {
                return Optional.of(registration.indexed());
            }
        }
        registrations.forEach(
                registration ->
                        LOG.warn(
                                "{}, registered for {}, is not used: what is joined is not what"
                                        + " that was then; register it again, or build it anew",
                                registration.indexed(),
                                registration.table()));
        return Optional.empty();
    }
}
