package io.sparkspann.spark.jobs;

import io.sparkspann.cli.Labels;
import io.sparkspann.cli.SearchOptionsMixin;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.JoinResult;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.stage.StageProgress;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.file.VectorFiles;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Joins a table of queries with an index. */
@Command(
        name = "join",
        description = {
            "Finds the nearest vectors of every row of a query table.",
            "Writes Parquet with columns query_id, neighbor_id, distance (float) and rank (int from"
                    + " 1). Prints a JSON object about the join as its last line."
        },
        footer = {
            "",
            "Example:",
            "  spark-spann join --index s3://bucket/index --queries s3://bucket/queries \\",
            "    --output s3://bucket/pairs --k 10 --recall-target 0.95"
        })
final class JoinCommand implements Callable<Integer>, Interruption.Job {
    @Spec private CommandSpec spec;

    @Option(
            names = "--index",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the index.")
    private String index;

    @Option(
            names = "--queries",
            required = true,
            paramLabel = "PATH",
            description = "Table of queries: a Parquet file or folder, or a vector file.")
    private String queries;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the Parquet files of the result.")
    private String output;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "If there is an output: error (default), or overwrite it when the new one is"
                            + " complete.")
    private String mode = "error";

    @Option(
            names = "--exclude-self",
            description = "Leave out neighbours whose id is that of the query.")
    private boolean excludeSelf;

    @Option(
            names = "--on-bad-row",
            paramLabel = "fail|skip",
            description = "Queries that cannot be used: fail (default), or skip and count them.")
    private String onBadRow = "fail";

    @Mixin private SearchOptionsMixin search;

    @Option(
            names = {"--binary-type", "--element-type"},
            paramLabel = "TYPE",
            converter = Labels.OfElementType.class,
            description =
                    "float32, float16, uint8 or int8: what a binary column of queries holds,"
                            + " little-endian (default: the type of the index), or the type to"
                            + " narrow an integer column to.")
    private ElementType binaryType;

    @Mixin private TableMixin table;
    @Mixin private SparkMixin spark;
    private volatile JoinOutput target;

    @Override
    public Integer call() throws Exception {
        SearchOptions options = search.options();
        requireOneOf("mode", mode, "error", "overwrite");
        requireOneOf("on-bad-row", onBadRow, "fail", "skip");
        InputSpec source =
                table.spec(queries, VectorFiles.QUERY_DATASET, onBadRow.equals("skip"))
                        .withComponentType(binaryType);
        return spark.withSession("join", this, session -> run(session, source, options));
    }

    private int run(SparkSession session, InputSpec source, SearchOptions options)
            throws Exception {
        Configuration conf = session.sparkContext().hadoopConfiguration();
        DistinctPaths.require(conf, "--output", output, "--index", index);
        DistinctPaths.require(conf, "--output", output, "--queries", queries);
        target = JoinOutput.of(conf, output, mode.equals("overwrite"));
        if (target.replaces()) {
            JoinSchema.require(session, output);
        }
        for (String folder : target.leftovers()) {
            say(
                    folder
                            + ": a join to this output died, or still runs; if none runs, delete"
                            + " this folder, or move it away: with _SUCCESS it is a complete"
                            + " result");
        }
        long start = System.nanoTime();
        KnnJoin join = KnnJoin.of(session, index).with(options).excludeSelf(excludeSelf);
        JoinResult result = join.prepare(source);
        say(JoinReport.begin(join.manifest(), result, options, Redaction.redact(output)));
        SparkContext context = session.sparkContext();
        String last = result.stages().get(result.stages().size() - 1);
        StageProgress progress =
                StageProgress.ofTasksAndStages(context, JoinResult.STAGES, this::say);
        try {
            StageName.during(
                    context,
                    last,
                    () -> {
                        target.write(result.rows());
                        return target;
                    });
        } finally {
            progress.stop();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        say(JoinReport.end(result, options, seconds));
        spec.commandLine().getOut().println(JoinReport.json(result, options, seconds));
        return 0;
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }

    @Override
    public String interrupted() {
        return target == null ? "interrupted; nothing was written" : target.interrupted();
    }

    @Override
    public void cleanUp() {
        if (target != null) {
            target.cleanUp();
        }
    }

    private void requireOneOf(String name, String value, String first, String second) {
        if (!value.equals(first) && !value.equals(second)) {
            throw new ParameterException(
                    spec.commandLine(),
                    name + " is '" + value + "'; use " + first + " or " + second);
        }
    }
}
