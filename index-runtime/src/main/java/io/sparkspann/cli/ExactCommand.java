package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.Filter;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the exact neighbours of queries. */
@Command(
        name = "exact",
        description = {
            "Prints the nearest vectors of queries as a comparison with every vector finds them:"
                    + " query, rank from 1, id and distance, separated by tabs.",
            "Vectors that the triangle inequality shows to be too far are not compared. In many"
                    + " dimensions these are few, and under ip hardly any: there it is a scan."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} exact --index words.index --queries query.fvecs --k 5"
        })
final class ExactCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;
    @Mixin private QueriesMixin queries;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "Neighbours of each query, 1 to 10000 (default 10).")
    private int k = 10;

    @Mixin private FilterMixin allowed;
    @Mixin private NeighborsMixin output;
    @Mixin private ThreadsMixin threads;

    @Override
    public Integer call() {
        try {
            SearchOptions.ofProbes(k, 1, 0);
        } catch (InvalidInputException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        int threadCount = threads.threads();
        int chunk = Math.min(SearchCommand.CHUNK_QUERIES, SearchCommand.CHUNK_NEIGHBORS / k);
        ScanStats stats = new ScanStats();
        try (SpannIndex open = index.open()) {
            Filter filter = allowed.filter(open);
            BatchSearch engine = new BatchSearch(open, threadCount, stats);
            queries.forEach(
                    open,
                    chunk,
                    (first, rows) -> output.print(first, engine.searchExact(rows, k, filter)));
            PrunedText.print(spec, stats, open.size());
        }
        return CommandRunner.DONE;
    }
}
