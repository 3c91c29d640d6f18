package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.cli.Labels;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.JoinResult;
import io.sparkspann.spark.stage.StageName;
import io.sparkspann.spark.stage.StageProgress;
import io.sparkspann.vector.ElementType;
import io.sparkspann.vector.file.VectorFiles;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all joins have in common: tables, output, and how they run. */
final class JoinMixin implements Interruption.Job {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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

    @Option(
            names = {"--binary-type", "--element-type"},
            paramLabel = "TYPE",
            converter = Labels.OfElementType.class,
            description =
                    "float32, float16, uint8 or int8: what a binary column of queries holds,"
                            + " little-endian (default: the type of the index), or the type to"
                            + " narrow an integer column to.")
    private ElementType binaryType;

    private volatile JoinOutput target;

    /** A join that has been set up. */
    interface Prepared {
        Dataset<Row> rows();

        /** Names of its stages. */
        List<String> stages();

        /** What to say when it begins. */
        String begin(String output);

        /** What to say when it has ended. */
        List<String> end(double seconds);

        ObjectNode json(double seconds);
    }

    /** Sets a join up. */
    @FunctionalInterface
    interface Preparation {
        Prepared of(SparkSession session, InputSpec queries);
    }

    String index() {
        return index;
    }

    boolean excludeSelf() {
        return excludeSelf;
    }

    /**
     * Runs a join.
     *
     * @param name of the command
     * @param columns of the result
     * @param spark how the command gets its Spark session
     * @param table how its tables are read
     */
    int run(
            String name,
            List<String> columns,
            SparkMixin spark,
            TableMixin table,
            Preparation preparation)
            throws Exception {
        requireOneOf("mode", mode, "error", "overwrite");
        requireOneOf("on-bad-row", onBadRow, "fail", "skip");
        InputSpec source =
                table.spec(queries, VectorFiles.QUERY_DATASET, onBadRow.equals("skip"))
                        .withComponentType(binaryType);
        return spark.withSession(
                name,
                this,
                session -> run(session, columns, () -> preparation.of(session, source)));
    }

    /** Makes a join that is set up. */
    private interface Setup {
        Prepared make();
    }

    private int run(SparkSession session, List<String> columns, Setup setup) throws Exception {
        Configuration conf = session.sparkContext().hadoopConfiguration();
        DistinctPaths.require(conf, "--output", output, "--index", index);
        DistinctPaths.require(conf, "--output", output, "--queries", queries);
        target = JoinOutput.of(conf, output, mode.equals("overwrite"));
        if (target.replaces()) {
            JoinSchema.require(session, output, columns);
        }
        for (String folder : target.leftovers()) {
            say(
                    folder
                            + ": a join to this output died, or still runs; if none runs, delete"
                            + " this folder, or move it away: with _SUCCESS it is a complete"
                            + " result");
        }
        long start = System.nanoTime();
        Prepared join = setup.make();
        say(join.begin(Redaction.redact(output)));
        SparkContext context = session.sparkContext();
        String last = join.stages().get(join.stages().size() - 1);
        StageProgress progress =
                StageProgress.ofTasksAndStages(context, JoinResult.STAGES, this::say);
        try {
            StageName.during(
                    context,
                    last,
                    () -> {
                        target.write(join.rows());
                        return target;
                    });
        } finally {
            progress.stop();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        join.end(seconds).forEach(this::say);
        command.commandLine().getOut().println(join.json(seconds));
        return 0;
    }

    private void say(String line) {
        command.commandLine().getErr().println(line);
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
                    command.commandLine(),
                    name + " is '" + value + "'; use " + first + " or " + second);
        }
    }
}
