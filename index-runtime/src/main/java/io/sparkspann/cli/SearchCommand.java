package io.sparkspann.cli;

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

/** Prints the neighbours of queries. */
@Command(
        name = "search",
        description = {
            "Prints the nearest vectors of queries: query, rank from 1, id and distance, separated"
                    + " by tabs."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} search --index words.index --queries query.fvecs --k 5"
        })
final class SearchCommand implements Callable<Integer> {
    /** Neighbours kept at a time, at most. */
    static final int CHUNK_NEIGHBORS = 1 << 22;

    static final int CHUNK_QUERIES = 1 << 14;

    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;
    @Mixin private QueriesMixin queries;
    @Mixin private SearchOptionsMixin search;
    @Mixin private FilterMixin allowed;

    @Option(names = "--exact", description = "The same as the command exact.")
    private boolean exact;

    @Mixin private NeighborsMixin output;
    @Mixin private ThreadsMixin threads;

    @Override
    public Integer call() {
        SearchOptions options = search.options();
        if (exact && search.limitsEffort()) {
            throw new ParameterException(
                    spec.commandLine(), "--exact excludes --recall-target, --probes and --epsilon");
        }
        int threadCount = threads.threads();
        int chunk = Math.max(1, Math.min(CHUNK_QUERIES, CHUNK_NEIGHBORS / options.k()));
        try (SpannIndex open = index.open()) {
            Filter filter = allowed.filter(open);
            BatchSearch batch = new BatchSearch(open, threadCount, new ScanStats());
            queries.forEach(
                    open,
                    chunk,
                    (first, rows) ->
                            output.print(
                                    first,
                                    exact
                                            ? batch.searchExact(rows, options.k(), filter)
                                            : batch.search(rows, options, filter)));
        }
        return CommandRunner.DONE;
    }
}
