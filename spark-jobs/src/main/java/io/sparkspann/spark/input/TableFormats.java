package io.sparkspann.spark.input;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.error.SparkErrors;
import io.sparkspann.spark.storage.FileSystems;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.vector.file.VectorFormat;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Finds out what format a path has, and opens it. */
final class TableFormats {
    private static final String PARQUET = "parquet";

    private TableFormats() {}

    static VectorTable open(SparkSession spark, InputSpec spec) {
        String name = Redaction.redact(spec.path());
        FileStatus status = status(spec.path(), name, spark.sparkContext().hadoopConfiguration());
        VectorFormat format = format(spec, name, status);
        if (format == null) {
            return openParquet(spark, spec, name);
        }
        if (status == null || status.isDirectory()) {
            throw new InvalidInputException(
                    name + ": is not one file; name one " + format.label() + " file");
        }
        FileInput input = new FileInput(name, spec, format, HadoopConf.of(spark));
        return format == VectorFormat.TSV
                ? TextTable.open(spark, input)
                : BinaryTable.open(spark, input);
    }

    /** State of the file, or null if the path is a pattern that matches some. */
    private static FileStatus status(String uri, String name, Configuration conf) {
        FileSystem fileSystem = FileSystems.of(uri, conf);
        try {
            Path path = new Path(uri);
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

    /** The format of a vector file, or null for Parquet. */
    private static VectorFormat format(InputSpec spec, String name, FileStatus status) {
        String stated = spec.format() == null ? "" : spec.format().toLowerCase(Locale.ROOT);
        boolean folder = status == null || status.isDirectory();
        if (stated.equals(PARQUET) || (stated.isEmpty() && folder)) {
            return null;
        }
        if (!stated.isEmpty()) {
            return Stream.of(VectorFormat.values())
                    .filter(format -> format.label().equals(stated))
                    .findFirst()
                    .orElseThrow(
                            () -> unknown(name + ": unknown format '" + spec.format() + "'; use"));
        }
        String file = status.getPath().getName();
        if (file.toLowerCase(Locale.ROOT).endsWith("." + PARQUET)) {
            return null;
        }
        return VectorFormat.ofFileName(file)
                .orElseThrow(
                        () ->
                                unknown(
                                        name
                                                + ": its name does not tell its format; say"
                                                + " --format with"));
    }

    private static InvalidInputException unknown(String problem) {
        String files =
                Stream.of(VectorFormat.values())
                        .map(VectorFormat::label)
                        .collect(Collectors.joining(", "));
        return new InvalidInputException(problem + " one of " + PARQUET + ", " + files);
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
