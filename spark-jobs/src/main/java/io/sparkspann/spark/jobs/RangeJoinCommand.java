package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.IdCondition;
import io.sparkspann.search.RangeOptions;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.input.InputSpec;
import io.sparkspann.spark.join.JoinResult;
import io.sparkspann.spark.join.RangeJoin;
import io.sparkspann.spark.join.RangeJoinResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Finds all pairs of a table of queries and an index within a radius. */
@Command(
        name = "range-join",
        description = {
            "Finds all vectors within a radius of every row of a query table. The result is exact.",
            "A vector is within the radius if its distance is at most that; under ip, a"
                    + " similarity, if it is at least that.",
            "Writes Parquet with columns query_id, neighbor_id and distance (float), in no order."
                    + " Prints a JSON object about the join as its last line."
        },
        footer = {
            "",
            "Example:",
            "  spark-spann range-join --index s3://bucket/index --queries s3://bucket/queries \\",
            "    --output s3://bucket/pairs --radius 0.2"
        })
final class RangeJoinCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of(
                    JoinResult.COLUMNS.get(0),
                    JoinResult.COLUMNS.get(1),
                    JoinResult.COLUMNS.get(2));

    @Spec private CommandSpec spec;
    @Mixin private JoinMixin join;
    @Mixin private IdsMixin ids;
    @Mixin private TableMixin table;
    @Mixin private SparkMixin spark;

    @Option(
            names = "--radius",
            required = true,
            paramLabel = "R",
            description = "In the numbers that the metric of the index reports.")
    private double radius;

    @Option(
            names = "--max-results",
            paramLabel = "N",
            description =
                    "Keep but the N nearest vectors of a query, 1 to 9999, and say for how many"
                            + " queries there are more (default: keep all).")
    private Integer maxResults;

    @Override
    public Integer call() throws Exception {
        requireOptions();
        return join.run(
                "range-join",
                COLUMNS,
                spark,
                table,
                (session, source) -> new Range(radius, maxResults, join(session), source));
    }

    private RangeJoin join(SparkSession session) {
        RangeJoin all = RangeJoin.of(session, join.index(), radius).excludeSelf(join.excludeSelf());
        RangeJoin some = maxResults == null ? all : all.maxResults(maxResults);
        for (IdCondition condition : ids.conditions(session, some.manifest())) {
            some = some.among(condition);
        }
        return some;
    }

    private void requireOptions() {
        try {
            RangeOptions.of(radius);
        } catch (InvalidInputException e) {
            throw new ParameterException(spec.commandLine(), "--radius: " + e.getMessage());
        }
        if (maxResults != null && (maxResults < 1 || maxResults >= SearchOptions.MAX_K)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-results is " + maxResults + "; use 1 to " + (SearchOptions.MAX_K - 1));
        }
    }

    private record Range(double radius, Integer most, RangeJoin join, RangeJoinResult result)
            implements JoinMixin.Prepared {
        Range(double radius, Integer most, RangeJoin join, InputSpec source) {
            this(radius, most, join, join.prepare(source));
        }

        @Override
        public Dataset<Row> rows() {
            return result.rows();
        }

        @Override
        public List<String> stages() {
            return result.stages();
        }

        @Override
        public String begin(String output) {
            return ExactReport.begin(
                    "range join",
                    result.queryRows(),
                    join.manifest().vectors(),
                    "radius " + radius + (most == null ? "" : ", the nearest " + most),
                    output);
        }

        @Override
        public List<String> end(double seconds) {
            List<String> lines = new ArrayList<>();
            lines.add(figures().end(seconds));
            if (result.cappedQueries() > 0) {
                lines.add(
                        "warning: "
                                + result.cappedQueries()
                                + " queries have more than "
                                + most
                                + " vectors within the radius; the nearest were written");
            }
            return lines;
        }

        @Override
        public ObjectNode json(double seconds) {
            ObjectNode json = figures().json(seconds);
            json.put("radius", radius);
            json.put("capped_queries", result.cappedQueries());
            return json;
        }

        private ExactReport figures() {
            return new ExactReport(
                    join.manifest().vectors(),
                    result.queries(),
                    result.pairs(),
                    result.distances(),
                    result.skippedRows());
        }
    }
}
