package io.sparkspann.spark.sql;

import io.sparkspann.spark.source.Columns;
import io.sparkspann.spark.source.IndexedTable;
import io.sparkspann.spark.source.SpannIndexes;
import io.sparkspann.spark.source.SpannIndexes.Registration;
import io.sparkspann.spark.source.TableFingerprint;
import io.sparkspann.spark.source.TableRelation;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
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
        List<String> indexes = SpannIndexes.of(spark.conf().get(SpannIndexes.INDEXES_KEY, ""));
        return indexes.isEmpty()
                ? Optional.empty()
                : TableFingerprint.of(relation)
                        .flatMap(content -> registered(relation, content, indexes));
    }

    /** Some table with an index that a plan reads. */
    Optional<IndexedTable> anyIndexed(LogicalPlan plan) {
        return Plans.list(plan.collectLeaves()).stream()
                .flatMap(leaf -> indexed(leaf).stream())
                .findFirst();
    }

    private Optional<IndexedTable> registered(
            LogicalPlan relation, TableFingerprint content, List<String> indexes) {
        for (Registration registration : SpannIndexes.registrations(spark, indexes)) {
            Optional<Attribute> id = Columns.of(relation, registration.indexed().idColumn());
            Optional<Attribute> vector =
                    Columns.of(relation, registration.indexed().vectorColumn());
            if (id.isEmpty() || vector.isEmpty()) {
                continue;
            }
            if (registration.fingerprint().equals(content.of(id.get(), vector.get()))) {
                return Optional.of(registration.indexed());
            }
            LOG.warn(
                    "{}, registered for {}, is not used: what is joined is another table, or not"
                            + " what that was then; if it has changed, build and register anew",
                    registration.indexed(),
                    registration.table());
        }
        return Optional.empty();
    }
}
