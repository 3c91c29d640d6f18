package io.sparkspann.spark.rows;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.FileKind;
import io.sparkspann.format.Manifest;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.storage.LiteralPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The base table that an index keeps.
 *
 * @param indexUri index directory
 * @param manifest the snapshot
 * @param schema columns of the table, all of them nullable
 * @param idColumn name of the column of ids
 * @param vectorColumn name of the column of vectors
 */
public record KeptTable(
        String indexUri,
        Manifest manifest,
        StructType schema,
        String idColumn,
        String vectorColumn) {
    private static final String FORMAT = "format";
    private static final String PARQUET = "parquet";
    private static final String ID_COLUMN = "idColumn";
    private static final String VECTOR_COLUMN = "vectorColumn";
    private static final String SCHEMA = "schema";

    /** What the manifest says about the rows. */
    static Map<String, String> describe(StructType schema, String id, String vector) {
        Map<String, String> table = new LinkedHashMap<>();
        table.put(FORMAT, PARQUET);
        table.put(ID_COLUMN, id);
        table.put(VECTOR_COLUMN, vector);
        table.put(SCHEMA, schema.json());
        return table;
    }

    /**
     * @throws InvalidInputException if the index keeps no rows, or in a way that is not known here
     */
    public static KeptTable of(String indexUri, Manifest manifest) {
        Map<String, String> table = manifest.table();
        if (!manifest.hasRows()) {
            throw new InvalidInputException(
                    Redaction.redact(indexUri)
                            + ": this index keeps vectors and ids only, not the rows of a table;"
                            + " write it from a DataFrame with format(\"spann\") to keep them");
        }
        if (!PARQUET.equals(table.get(FORMAT)) || !table.containsKey(SCHEMA)) {
            throw new InvalidInputException(
                    Redaction.redact(indexUri)
                            + ": its rows are kept as '"
                            + table.get(FORMAT)
                            + "', which this version does not read; use a newer spark-spann");
        }
        StructType schema = (StructType) DataType.fromJson(table.get(SCHEMA));
        StructType nullable = new StructType();
        for (var field : schema.fields()) {
            nullable = nullable.add(field.name(), field.dataType(), true, field.metadata());
        }
        return new KeptTable(
                indexUri, manifest, nullable, table.get(ID_COLUMN), table.get(VECTOR_COLUMN));
    }

    /** The rows. */
    public Dataset<Row> rows(SparkSession spark) {
        Path root = new Path(indexUri);
        String[] files =
                manifest.shards().stream()
                        .map(shard -> new Path(root, shard.file(FileKind.ROWS).path()))
                        .map(LiteralPath::of)
                        .toArray(String[]::new);
        return reader(spark, schema).parquet(files);
    }

    /**
     * Reads files of rows: one that is missing or damaged is an error, whatever the session says.
     */
    static DataFrameReader reader(SparkSession spark, StructType schema) {
        return spark.read()
                .schema(schema)
                .option("ignoreMissingFiles", "false")
                .option("ignoreCorruptFiles", "false")
                .option("parquet.page.verify-checksum.enabled", "true");
    }

    /** Bytes of the files of rows. */
    public long bytes() {
        return manifest.shards().stream()
                .mapToLong(shard -> shard.file(FileKind.ROWS).lengthBytes())
                .sum();
    }
}
