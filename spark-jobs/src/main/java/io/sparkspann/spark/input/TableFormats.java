package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.SparkErrors;
import io.sparkspann.spark.storage.Redaction;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds out what format a path has, and opens it. */
final class TableFormats {
    private static final List<String> FILES =
            List.of("fvecs", "bvecs", "ivecs", "fbin", "u8bin", "i8bin", "hdf5", "npy", "tsv");
    private static final String PARQUET = "parquet";

    private TableFormats() {}

    static VectorTable open(SparkSession spark, InputSpec spec) {
        String name = Redaction.redact(spec.path());
        FileStatus status = status(spec.path(), name, spark.sparkContext().hadoopConfiguration());
        String format = format(spec, name, status);
        if (!format.equals(PARQUET)) {
            throw new InvalidInputException(name + ": vector files");
        }
        return openParquet(spark, spec, name);
    }

    /** State of the file, or null if the path is a pattern that matches some. */
    private static FileStatus status(String uri, String name, Configuration conf) {
        try {
            Path path = new Path(uri);
            FileSystem fileSystem = path.getFileSystem(conf);
            if (fileSystem.exists(path)) {
                return fileSystem.getFileStatus(path);
            }
            FileStatus[] matches = fileSystem.globStatus(path);
            if (matches == null || matches.length == 0) {
                throw new InvalidInputException(name + ": no such file or folder");
            }
            return matches.length == 1 ? matches[0] : null;
        } catch (IOException | IllegalArgumentException e) {
            throw new StorageException(
                    name + ": cannot be looked up: " + Redaction.redact(e.getMessage()), e);
        }
    }

    private static String format(InputSpec spec, String name, FileStatus status) {
        String known = PARQUET + ", " + String.join(", ", FILES);
        if (spec.format() != null) {
            String format = spec.format().toLowerCase(Locale.ROOT);
            if (!format.equals(PARQUET) && !FILES.contains(format)) {
                throw new InvalidInputException(
                        name + ": unknown format '" + spec.format() + "'; use one of " + known);
            }
            return format;
        }
        if (status == null || status.isDirectory()) {
            return PARQUET;
        }
        String file = status.getPath().getName().toLowerCase(Locale.ROOT);
        String extension = file.substring(file.lastIndexOf('.') + 1);
        if (extension.equals("h5")) {
            return "hdf5";
        }
        if (!extension.equals(PARQUET) && !FILES.contains(extension)) {
            throw new InvalidInputException(
                    name + ": its name does not tell its format; say --format with one of " + known);
        }
        return extension;
    }

    private static VectorTable openParquet(SparkSession spark, InputSpec spec, String name) {
        try {
            Dataset<Row> rows =
                    spark.read()
                            .option("parquet.page.verify-checksum.enabled", "true")
                            .parquet(spec.path());
            return ColumnTable.of(rows, spec, true);
        } catch (Exception e) {
            throw SparkErrors.unwrap(e)
                    .orElseGet(() -> new InvalidInputException(notParquet(name, e), e));
        }
    }

    private static String notParquet(String name, Exception e) {
        String problem = Redaction.redact(e.getMessage()).lines().findFirst().orElse("");
        return name + ": cannot be read as Parquet: " + problem;
    }
}
