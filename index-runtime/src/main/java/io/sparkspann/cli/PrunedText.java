package io.sparkspann.cli;

import io.sparkspann.search.ScanStats;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** Says how much an exact search left out. */
final class PrunedText {
    private PrunedText() {}

    /**
     * Prints a line to standard error.
     *
     * @param vectors of the index
     */
    static void print(CommandSpec spec, ScanStats stats, long vectors) {
        double all = (double) stats.exactQueries() * vectors;
        if (all > 0) {
            String line =
                    String.format(
                            Locale.ROOT,
                            "%d queries, %.0f distances each, %.1f %% of those to all vectors",
                            stats.exactQueries(),
                            stats.distances() / (double) stats.exactQueries(),
                            100 * stats.distances() / all);
            spec.commandLine().getErr().println(line);
        }
    }
}
