package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.IdCondition;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.join.JoinResult;
import io.sparkspann.spark.join.KnnJoin;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Joins a table of queries with an index, exactly. */
@Command(
        name = "exact-join",
        description = {
            "Finds the nearest vectors of every row of a query table as a comparison of all pairs"
                    + " finds them.",
            "Vectors that the triangle inequality shows to be too far are not compared. In many"
                    + " dimensions these are few, and under ip hardly any.",
            "Writes Parquet with columns query_id, neighbor_id, distance (float) and rank (int from"
                    + " 1). Prints a JSON object about the join as its last line."
        },
        footer = {
            "",
            "Example:",
            "  spark-spann exact-join --index s3://bucket/index --queries s3://bucket/queries \\",
            "    --output s3://bucket/pairs --k 10"
        })
final class ExactJoinCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private JoinMixin join;
    @Mixin private IdsMixin ids;
    @Mixin private TableMixin table;
    @Mixin private SparkMixin spark;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "Neighbours of each query, 1 to 10000 (default 10).")
    private int k = 10;

    @Override
    public Integer call() throws Exception {
        try {
            SearchOptions.ofProbes(k, 1, 0);
        } catch (InvalidInputException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        return join.run(
                "exact-join",
                JoinResult.COLUMNS,
                spark,
                table,
                (session, source) -> {
                    KnnJoin knn =
                            KnnJoin.of(session, join.index())
                                    .k(k)
                                    .exact()
                                    .excludeSelf(join.excludeSelf());
                    for (IdCondition condition : ids.conditions(session, knn.manifest())) {
                        knn = knn.among(condition);
                    }
                    return new Exact(knn.manifest().vectors(), knn.prepare(source), k);
                });
    }

    private record Exact(long vectors, JoinResult result, int k) implements JoinMixin.Prepared {
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
            return ExactReport.begin("exact join", result.queryRows(), vectors, "k " + k, output);
        }

        @Override
        public List<String> end(double seconds) {
            return List.of(figures().end(seconds));
        }

        @Override
        public ObjectNode json(double seconds) {
            ObjectNode json = figures().json(seconds);
            json.put("k", k);
            json.put("queries_with_fewer_than_k", result.shortLists());
            return json;
        }

        private ExactReport figures() {
            return new ExactReport(
                    vectors,
                    result.queries(),
                    result.writtenRows(),
                    result.distances(),
                    result.skippedRows());
        }
    }
}
