package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.cli.SearchOptionsMixin;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.JoinResult;
import io.sparkspann.spark.join.KnnJoin;
import io.sparkspann.vector.file.VectorFiles;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
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
            "Example: spark-spann join --index s3://bucket/index --queries s3://bucket/queries"
                    + " --output s3://bucket/pairs --k 10 --recall-target 0.95"
        })
final class JoinCommand implements Callable<Integer> {
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
            description = "If the output exists: error (default) or overwrite.")
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
    @Mixin private TableMixin table;
    @Mixin private SparkMixin spark;

    @Override
    public Integer call() throws Exception {
        SearchOptions options = search.options();
        requireOneOf("mode", mode, "error", "overwrite");
        requireOneOf("on-bad-row", onBadRow, "fail", "skip");
        InputSpec source = table.spec(queries, VectorFiles.QUERY_DATASET, onBadRow.equals("skip"));
        return spark.withSession(
                "join",
                session -> {
                    Configuration conf = session.sparkContext().hadoopConfiguration();
                    DistinctPaths.require(conf, "--output", output, "--index", index);
                    DistinctPaths.require(conf, "--output", output, "--queries", queries);
                    requireAbsent(session);
                    long start = System.nanoTime();
                    KnnJoin join =
                            KnnJoin.of(session, index).with(options).excludeSelf(excludeSelf);
                    JoinResult result = join.prepare(source);
                    result.rows()
                            .write()
                            .mode(mode.equals("error") ? "errorifexists" : mode)
                            .parquet(output);
                    double seconds = (System.nanoTime() - start) / 1e9;
                    spec.commandLine().getOut().println(toJson(result, options, seconds));
                    return 0;
                });
    }

    private void requireOneOf(String name, String value, String first, String second) {
        if (!value.equals(first) && !value.equals(second)) {
            throw new ParameterException(
                    spec.commandLine(),
                    name + " is '" + value + "'; use " + first + " or " + second);
        }
    }

    /** Before any work is done. */
    private void requireAbsent(SparkSession session) throws java.io.IOException {
        Path path = new Path(output);
        boolean exists =
                path.getFileSystem(session.sparkContext().hadoopConfiguration()).exists(path);
        if (exists && mode.equals("error")) {
            throw new InvalidInputException(
                    output + ": exists already; use --mode overwrite, or another folder");
        }
    }

    private static ObjectNode toJson(JoinResult result, SearchOptions options, double seconds) {
        double count = Math.max(1, result.queries());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("queries", result.queries());
        json.put("rows", result.writtenRows());
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        json.put("queries_per_second", Math.round(result.queries() / seconds * 10) / 10.0);
        json.put("k", options.k());
        json.put("probes", Math.round(result.probes() / count * 1000) / 1000.0);
        json.put("mean_distances", Math.round(result.distances() / count * 10) / 10.0);
        json.put("posting_bytes_read", result.bytesRead());
        json.put("skipped_rows", result.skippedRows());
        return json;
    }
}
