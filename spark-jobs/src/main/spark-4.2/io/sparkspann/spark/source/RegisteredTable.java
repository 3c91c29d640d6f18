package io.sparkspann.spark.source;

import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.search.IndexFiles;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.ColumnNames;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/**
 * A table for which an index is to answer.
 *
 * @param rows all rows of the table
 * @param name what messages call it
 */
record RegisteredTable(Dataset<Row> rows, String name, String idColumn, String vectorColumn) {
    /** Vectors of the index that are compared with those of the table. */
    private static final int COMPARED = 20;

    /** A distance that vectors have to themselves, where they are narrowed to floats. */
    private static final double NEARLY_ZERO = 1e-3;

    /**
     * @throws InvalidInputException unless the index was built from this table, as far as numbers
     *     of rows, and some ids and vectors tell
     */
    void requireIndexed(String indexUri, Manifest manifest) {
        long count = rows.count();
        long skipped = manifest.statistics().path("skippedRows").asLong();
        if (count != manifest.vectors() + skipped) {
            throw new InvalidInputException(
                    name
                            + ": has "
                            + count
                            + " rows, but the index was built from "
                            + (manifest.vectors() + skipped)
                            + "; build it anew");
        }
        if (skipped > 0 && rows.select(column(idColumn)).distinct().count() != count) {
            throw new InvalidInputException(
                    name
                            + ": has ids that occur twice, in rows that the index was built"
                            + " without; write the table with each id once");
        }
        List<Object> ids = someIds(indexUri, manifest);
        Column id = column(idColumn);
        Dataset<Row> some = rows.where(id.isin(ids.toArray())).select(id, column(vectorColumn));
        if (some.count() != ids.size()) {
            throw none(indexUri, "of " + ids.size() + " ids of it, the table has " + some.count());
        }
        long same = withOwnVector(some, indexUri, manifest, ids.size());
        if (same != ids.size()) {
            throw none(
                    indexUri,
                    "of "
                            + ids.size()
                            + " of its vectors, the table has "
                            + same
                            + " at their ids");
        }
    }

    private InvalidInputException none(String indexUri, String problem) {
        return new InvalidInputException(
                name
                        + ": the index "
                        + Redaction.redact(indexUri)
                        + " is none of this table and these columns: "
                        + problem
                        + "; name the columns it was built from, or build it anew");
    }

    private Column column(String column) {
        return rows.col(ColumnNames.quote(column));
    }

    private List<Object> someIds(String indexUri, Manifest manifest) {
        DataType type = rows.schema().apply(idColumn).dataType();
        boolean text = manifest.schema().idType() == IdType.STRING;
        if (text != type instanceof StringType) {
            throw none(
                    indexUri,
                    "ids of the index are "
                            + (text ? "text" : "numbers")
                            + ", the column "
                            + idColumn
                            + " is of type "
                            + type.simpleString());
        }
        IndexFiles files =
                IndexFiles.of(
                        Storages.open(indexUri, HadoopConf.of(rows.sparkSession()).value()),
                        manifest);
        List<Object> some = new ArrayList<>();
        for (int shard = 0; shard < files.shards() && some.isEmpty(); shard++) {
            IdBlock ids = files.ownIds(shard);
            for (int i = 0; i < Math.min(COMPARED, ids.size()); i++) {
                some.add(text ? ids.text(i) : (Object) ids.number(i));
            }
        }
        return some;
    }

    /** How many rows find themselves, where nothing else may be found. */
    private long withOwnVector(Dataset<Row> some, String indexUri, Manifest manifest, int count) {
        Dataset<Row> found =
                KnnJoin.of(rows.sparkSession(), indexUri, manifest)
                        .k(count)
                        .probes(Integer.MAX_VALUE / 64, Double.POSITIVE_INFINITY)
                        .among(some, idColumn)
                        .vectorColumn(vectorColumn)
                        .join(some);
        Dataset<Row> own = found.where(found.col("neighbor_id").equalTo(found.col(quoted())));
        // An inner product with itself says nothing that could be checked without the vector.
        return manifest.schema().metric() == Metric.IP
                ? own.count()
                : own.where("distance <= " + NEARLY_ZERO).count();
    }

    private String quoted() {
        return ColumnNames.quote(idColumn);
    }
}
