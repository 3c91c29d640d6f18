package io.sparkspann.spark.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.cli.SearchOptionsMixin;
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
final class JoinCommand implements Callable<Integer> {
    @Mixin private JoinMixin join;
    @Mixin private IdsMixin ids;
    @Mixin private TableMixin table;
    @Mixin private SparkMixin spark;
    @Mixin private SearchOptionsMixin search;

    @Override
    public Integer call() throws Exception {
        SearchOptions options = search.options();
        return join.run(
                "join",
                JoinResult.COLUMNS,
                spark,
                table,
                (session, source) -> {
                    KnnJoin knn =
                            KnnJoin.of(session, join.index())
                                    .with(options)
                                    .excludeSelf(join.excludeSelf());
                    for (IdCondition condition : ids.conditions(session, knn.manifest())) {
                        knn = knn.among(condition);
                    }
                    return new Approximate(knn, knn.prepare(source), options);
                });
    }

    private record Approximate(KnnJoin join, JoinResult result, SearchOptions options)
            implements JoinMixin.Prepared {
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
            return JoinReport.begin(join.manifest(), result, options, output);
        }

        @Override
        public List<String> end(double seconds) {
            return List.of(JoinReport.end(result, options, seconds));
        }

        @Override
        public ObjectNode json(double seconds) {
            return JoinReport.json(result, options, seconds);
        }
    }
}
