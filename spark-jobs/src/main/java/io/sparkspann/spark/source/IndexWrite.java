package io.sparkspann.spark.source;

import io.sparkspann.build.BuildMode;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.ContentId;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.build.SparkEngine;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.input.VectorTable;
import io.sparkspann.spark.rows.StagedRows;
import io.sparkspann.spark.rows.TableKeeper;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.storage.HadoopConf;
import io.sparkspann.spark.storage.Storages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a DataFrame as an index that keeps all its columns. */
record IndexWrite(SparkSession spark, WriteOptions options) {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWrite.class);

    void run(Dataset<Row> data, SaveMode mode) {
        if (mode == SaveMode.Ignore && exists()) {
            return;
        }
        BuildMode build =
                switch (mode) {
                    case Overwrite -> BuildMode.OVERWRITE;
                    default -> BuildMode.ERROR;
                };
        if (mode == SaveMode.Append && exists()) {
            throw new InvalidInputException(
                    Redaction.redact(options.path())
                            + ": rows cannot be appended to an index yet; write the whole table"
                            + " with mode overwrite");
        }
        if (build == BuildMode.ERROR && exists()) {
            throw new InvalidInputException(
                    Redaction.redact(options.path())
                            + ": there is an index already; use mode overwrite, or another path");
        }
        Dataset<Row> named = withColumns(data);
        try (StagedRows staged = StagedRows.of(named, options.path())) {
            InputSpec input = options.input();
            TableKeeper keeper =
                    new TableKeeper(spark, staged.rows(), input.idColumn(), input.vectorColumn());
            String fingerprint = staged.fingerprint() + "\n" + input;
            ContentId id = ContentId.of(fingerprint.getBytes(StandardCharsets.UTF_8));
            SparkEngine engine =
                    StageName.during(
                            spark.sparkContext(),
                            SparkEngine.INPUT_STAGE,
                            () ->
                                    new SparkEngine(
                                            spark,
                                            VectorTable.of(staged.rows(), input),
                                            id.toString(),
                                            Optional.of(keeper)));
            SpannBuild.run(
                    spark,
                    engine,
                    options.path(),
                    options.build(),
                    build,
                    (stage, seconds) -> LOG.info("stage {} done in {} s", stage, seconds));
        }
    }

    private boolean exists() {
        return !new Snapshots(Storages.open(options.path(), HadoopConf.of(spark).value()))
                .numbers()
                .isEmpty();
    }

    /**
     * @throws InvalidInputException if a name stands for two columns, or for none
     */
    private Dataset<Row> withColumns(Dataset<Row> data) {
        StructType schema = data.schema();
        Set<String> names = new HashSet<>();
        for (String name : schema.fieldNames()) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new InvalidInputException(
                        "the DataFrame: column '" + name + "' occurs twice; rename one");
            }
        }
        for (String wanted :
                new String[] {options.input().idColumn(), options.input().vectorColumn()}) {
            if (!Arrays.asList(schema.fieldNames()).contains(wanted)) {
                throw new InvalidInputException(
                        "the DataFrame: no column '"
                                + wanted
                                + "'; it has "
                                + String.join(", ", schema.fieldNames())
                                + "; name the columns with the options idColumn and"
                                + " vectorColumn");
            }
        }
        return data;
    }
}
