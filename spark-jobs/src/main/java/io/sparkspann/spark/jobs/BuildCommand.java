package io.sparkspann.spark.jobs;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.BuildReport;
import io.sparkspann.cli.BuildOptionsMixin;
import io.sparkspann.cli.Labels;
import io.sparkspann.spark.build.SpannBuild;
import io.sparkspann.spark.build.SparkEngine;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.rows.KeptBuild;
import io.sparkspann.spark.stage.StageProgress;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.file.VectorFiles;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds an index from a table. */
@Command(
        name = "build",
        description = {
            "Builds an index from a Parquet table or a vector file.",
            "Ids of vector files are row numbers from 0. A build that died continues with --mode"
                    + " resume. Prints a JSON object about the build as its last line."
        },
        footer = {
            "",
            "Example:",
            "  spark-spann build --input s3://bucket/table --index s3://bucket/index \\",
            "    --id-column id --vector-column embedding --metric cosine"
        })
final class BuildCommand implements Callable<Integer>, Interruption.Job {
    @Spec private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "PATH",
            description = "Table of vectors: a Parquet file or folder, or a vector file.")
    private String input;

    @Option(
            names = "--index",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the index.")
    private String index;

    @Option(
            names = "--binary-type",
            paramLabel = "TYPE",
            converter = Labels.OfElementType.class,
            description =
                    "float32, float16, uint8 or int8: what the bytes of a binary column are,"
                            + " little-endian (default: --element-type, if that is not float16;"
                            + " else float32), or the type to narrow an integer column to.")
    private ElementType binaryType;

    @Option(
            names = "--keep-rows",
            description =
                    "Keep all columns of a Parquet table in the index, for SQL and for joins that"
                            + " bring them.")
    private boolean keepRows;

    @Mixin private TableMixin table;
    @Mixin private BuildOptionsMixin build;
    @Mixin private SparkMixin spark;
    private volatile boolean begun;
    private volatile boolean published;

    @Override
    public Integer call() throws Exception {
        BuildOptions options = build.options();
        InputSpec source =
                table.spec(input, VectorFiles.BASE_DATASET, build.skipsBadRows())
                        .withComponentType(binaryType)
                        .withStoredType(options.elementType());
        return spark.withSession(
                "build",
                this,
                session -> {
                    DistinctPaths.require(
                            session.sparkContext().hadoopConfiguration(),
                            "--index",
                            index,
                            "--input",
                            input);
                    BuildReport report = run(session, source, options);
                    published = true;
                    if (!report.note().isEmpty()) {
                        spec.commandLine().getErr().println(report.note());
                    }
                    spec.commandLine().getOut().println(report.toJson());
                    return 0;
                });
    }

    private BuildReport run(SparkSession session, InputSpec source, BuildOptions options) {
        StageProgress progress =
                StageProgress.ofTasks(session.sparkContext(), SparkEngine.STAGES, this::say);
        try {
            return keepRows
                    ? KeptBuild.run(session, source, index, options, build.mode(), this::finished)
                    : SpannBuild.run(session, source, index, options, build.mode(), this::finished);
        } finally {
            progress.stop();
        }
    }

    @Override
    public String interrupted() {
        if (published) {
            return "interrupted, but the index is complete in " + index;
        }
        return begun
                ? "interrupted; continue with --mode resume: what was built is in " + index
                : "interrupted before a stage was done; run it again, with --mode resume if there"
                        + " is an unfinished build in "
                        + index;
    }

    private void finished(String stage, double seconds) {
        begun = true;
        say(String.format(Locale.ROOT, "stage %s done in %.2f s", stage, seconds));
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }
}
