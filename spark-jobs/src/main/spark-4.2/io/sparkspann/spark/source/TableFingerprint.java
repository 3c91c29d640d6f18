package io.sparkspann.spark.source;

import io.sparkspann.format.ContentId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.FileStatusWithMetadata;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.Product;
import scala.collection.immutable.List$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells the content of a table: by its version, where its format has versions and says which one it
 * is, else by names, lengths and times of its files, and by what the format says of each, such as
 * which of its rows have been deleted.
 *
 * @param lines what is known of it
 */
public record TableFingerprint(List<String> lines) {
    /** That of a table in a plan; empty if its content cannot be told. */
    public static Optional<TableFingerprint> of(LogicalPlan plan) {
        if (plan instanceof LogicalRelation relation
                && relation.relation() instanceof HadoopFsRelation files) {
            List<String> lines = files(files.location());
            format(files.fileFormat()).ifPresent(lines::add);
            return Optional.of(new TableFingerprint(lines));
        }
        return plan instanceof DataSourceV2Relation relation ? version(relation) : Optional.empty();
    }

    /** Options may choose a part of a version, such as what was added to it. */
    private static Optional<TableFingerprint> version(DataSourceV2Relation relation) {
        Table table = relation.table();
        Map<String, String> options = new TreeMap<>(relation.options());
        options.remove("path");
        return Optional.ofNullable(table.version())
                .map(
                        version ->
                                options.isEmpty()
                                        ? List.of(table.name(), "" + table.id(), version)
                                        : List.of(
                                                table.name(),
                                                "" + table.id(),
                                                version,
                                                "" + options))
                .map(TableFingerprint::new);
    }

    /**
     * What a format of tables knows of this one beside its files, such as which of their columns
     * has which name.
     */
    private static Optional<String> format(FileFormat format) {
        return format instanceof Product product && product.productArity() > 0
                ? Optional.of(product.productIterator().mkString("\n"))
                : Optional.empty();
    }

    /** All files of a table; what is listed anew when the table is refreshed. */
    private static List<String> files(FileIndex location) {
        List<String> lines = new ArrayList<>();
        for (PartitionDirectory folder :
                CollectionConverters.asJava(location.listFiles(none(), none()))) {
            CollectionConverters.asJava(folder.files()).forEach(file -> lines.add(line(file)));
        }
        lines.sort(null);
        return lines;
    }

    private static <T> Seq<T> none() {
        return List$.MODULE$.empty();
    }

    private static String line(FileStatusWithMetadata file) {
        FileStatus status = file.fileStatus();
        String line =
                status.getPath().toUri().getPath()
                        + " "
                        + status.getLen()
                        + " "
                        + status.getModificationTime();
        return file.metadata().isEmpty()
                ? line
                : line + " " + new TreeMap<>(CollectionConverters.asJava(file.metadata()));
    }

    /** A hash of the content, and of two columns: the same files may be read as other types. */
    public String of(Attribute id, Attribute vector) {
        List<String> all = new ArrayList<>(lines);
        for (Attribute column : List.of(id, vector)) {
            all.add(column.dataType().json());
        }
        return ContentId.of(String.join("\n", all).getBytes(StandardCharsets.UTF_8)).toString();
    }
}
