package io.sparkspann.cli;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.search.SearchOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a search: how many neighbours, and how hard to look for them. */
public final class SearchOptionsMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "Neighbours of each query, 1 to 10000 (default 10).")
    private int k = 10;

    @Option(
            names = "--recall-target",
            paramLabel = "R",
            description = "Mean recall to reach, above 0, at most 1 (default 0.95).")
    private Double recallTarget;

    @Option(
            names = "--probes",
            paramLabel = "P",
            description = "Most postings to read for a query, instead of a recall target.")
    private Integer probes;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            description =
                    "With --probes: read a posting only if its head is at most 1 + E times as far"
                            + " as the nearest head (default: no such limit).")
    private Double epsilon;

    /** Whether the options say how hard to look. */
    public boolean limitsEffort() {
        return recallTarget != null || probes != null || epsilon != null;
    }

    /**
     * The options as they were given.
     *
     * @throws ParameterException if they are out of range or exclude each other
     */
    public SearchOptions options() {
        if (recallTarget != null && (probes != null || epsilon != null)) {
            throw wrong("--recall-target excludes --probes and --epsilon; give one or the other");
        }
        if (epsilon != null && probes == null) {
            throw wrong("--epsilon needs --probes");
        }
        try {
            return probes == null ? byRecall() : byProbes();
        } catch (InvalidInputException e) {
            throw wrong(e.getMessage());
        }
    }

    private SearchOptions byRecall() {
        double target = recallTarget == null ? SearchOptions.DEFAULT_RECALL_TARGET : recallTarget;
        if (!(target > 0 && target <= 1)) {
            throw wrong("recall target is " + target + "; use a number above 0 and at most 1");
        }
        return SearchOptions.ofRecall(k, target);
    }

    private SearchOptions byProbes() {
        double limit = epsilon == null ? Double.POSITIVE_INFINITY : epsilon;
        ProbePolicy.fixed(probes, limit);
        return SearchOptions.ofProbes(k, probes, limit);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
