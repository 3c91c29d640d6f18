package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.Filter;
import io.sparkspann.search.RangeOptions;
import io.sparkspann.search.RangeResult;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SpannIndex;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints all vectors within a radius of queries. */
@Command(
        name = "range",
        description = {
            "Prints all vectors within a radius of queries, nearest first: query, rank from 1, id"
                    + " and distance, separated by tabs. Results are exact, and printed a few"
                    + " queries at a time.",
            "A vector is within the radius if its distance is at most that; under ip, a"
                    + " similarity, if it is at least that."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} range --index words.index --queries query.fvecs"
                    + " --radius 0.3"
        })
final class RangeCommand implements Callable<Integer> {
    /** Queries that are answered at a time, so that results are printed soon. */
    private static final int CHUNK_QUERIES = 256;

    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;
    @Mixin private QueriesMixin queries;

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
                    "Print but the N nearest vectors of a query, and say for how many queries"
                            + " there are more (default: print all).")
    private Integer maxResults;

    @Mixin private FilterMixin allowed;
    @Mixin private NeighborsMixin output;
    @Mixin private ThreadsMixin threads;

    private long cappedQueries;

    @Override
    public Integer call() {
        RangeOptions options = options();
        int threadCount = threads.threads();
        ScanStats stats = new ScanStats();
        try (SpannIndex open = index.open()) {
            requireRadius(open, options);
            Filter filter = allowed.filter(open);
            BatchSearch engine = new BatchSearch(open, threadCount, stats);
            queries.forEach(
                    open,
                    CHUNK_QUERIES,
                    (first, rows) -> print(first, engine.searchRange(rows, options, filter)));
            PrunedText.print(spec, stats, open.size());
        }
        if (cappedQueries > 0) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "warning: "
                                    + cappedQueries
                                    + " queries have more than "
                                    + maxResults
                                    + " vectors within the radius; the nearest were printed");
        }
        return CommandRunner.DONE;
    }

    private RangeOptions options() {
        if (maxResults != null && maxResults < 1) {
            throw wrong("--max-results is " + maxResults + "; use 1 or more");
        }
        try {
            RangeOptions options = RangeOptions.of(radius);
            return maxResults == null ? options : options.withMaxResults(maxResults);
        } catch (InvalidInputException e) {
            throw wrong("--radius: " + e.getMessage());
        }
    }

    private void requireRadius(SpannIndex open, RangeOptions options) {
        try {
            options.requireFor(open.manifest().schema().metric());
        } catch (InvalidInputException e) {
            throw wrong("--radius: " + e.getMessage());
        }
    }

    private void print(long firstQuery, RangeResult found) {
        output.print(firstQuery, found.neighbors());
        cappedQueries += found.capped().cardinality();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
