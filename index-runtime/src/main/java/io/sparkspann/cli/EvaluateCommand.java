package io.sparkspann.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.BatchSearch;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.ScanStats;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.IdType;
import io.sparkspann.vector.file.NeighborFile;
import io.sparkspann.vector.file.VectorFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures recall and throughput against ground truth. */
@Command(
        name = "evaluate",
        description = {
            "Measures recall and throughput of the batch engine against ground truth.",
            "After a warm-up, the time is that of the fastest of three passes over all queries."
                    + " Prints a JSON object as its last line."
        },
        footer = {
            "",
            "Example: ${ROOT-COMMAND-NAME} evaluate --index words.index --queries query.fvecs"
                    + " --ground-truth truth.ivecs"
        })
public final class EvaluateCommand implements Callable<Integer> {
    private static final int PASSES = 3;

    @Spec private CommandSpec spec;
    @Mixin private IndexMixin index;

    @Option(
            names = "--queries",
            required = true,
            paramLabel = "FILE",
            description = "File of queries.")
    private String queries;

    @Mixin private FormatMixin format;

    @Option(
            names = "--ground-truth",
            required = true,
            paramLabel = "FILE",
            description = "ivecs or HDF5 file: for each query the ids of its nearest vectors.")
    private String groundTruth;

    @Option(
            names = "--ground-truth-format",
            paramLabel = "FORMAT",
            converter = Labels.OfVectorFormat.class,
            description = "ivecs or hdf5 (default: by the name of the file).")
    private VectorFormat groundTruthFormat;

    @Option(
            names = "--ground-truth-dataset",
            paramLabel = "NAME",
            description = "Data set of an HDF5 file (default neighbors).")
    private String groundTruthDataset = NeighborFile.DATASET;

    @Mixin private SearchOptionsMixin search;
    @Mixin private ThreadsMixin threads;

    /** The fastest pass. */
    private record Pass(Neighbors found, ScanStats stats, double seconds) {}

    @Override
    public Integer call() {
        SearchOptions options = search.options();
        int threadCount = threads.threads();
        try (SpannIndex open = index.open()) {
            requireNumericIds(open);
            QueryRows rows = readQueries(open);
            GroundTruth truth = readTruth(rows.size(), options.k());
            run(open, rows, options, threadCount);
            Pass best = null;
            for (int i = 0; i < PASSES; i++) {
                Pass pass = run(open, rows, options, threadCount);
                spec.commandLine()
                        .getErr()
                        .println(
                                String.format(
                                        Locale.ROOT, "pass %d: %.3f s", i + 1, pass.seconds()));
                best = best == null || pass.seconds() < best.seconds() ? pass : best;
            }
            double recall = truth.recall(open, rows, best.found());
            if (truth.unknown() > 0) {
                spec.commandLine()
                        .getErr()
                        .println(
                                String.format(
                                        Locale.ROOT,
                                        "warning: %s names vectors that the index does not hold"
                                            + " (the last neighbour of %d queries): it was made for"
                                            + " another table, or rows were skipped; they count as"
                                            + " missed",
                                        groundTruth,
                                        truth.unknown()));
            }
            spec.commandLine().getOut().println(toJson(best, options, recall));
        }
        return CommandRunner.DONE;
    }

    private void requireNumericIds(SpannIndex open) {
        if (open.manifest().schema().idType() == IdType.STRING) {
            throw new InvalidInputException(
                    index.directory()
                            + ": the index has string ids, but ground truth files hold numbers;"
                            + " evaluate an index whose ids are row numbers");
        }
    }

    private QueryRows readQueries(SpannIndex open) {
        try (QueryFile file =
                QueryFile.open(spec, queries, format, open.manifest().schema().space())) {
            if (file.size() * open.manifest().schema().dimensions() > Integer.MAX_VALUE - 8) {
                throw new InvalidInputException(
                        queries
                                + ": "
                                + file.size()
                                + " queries are too many to be held in memory; evaluate a part");
            }
            return file.read(0, (int) file.size());
        }
    }

    private GroundTruth readTruth(int queryCount, int k) {
        return GroundTruth.of(
                groundTruth,
                InputFiles.groundTruth(spec, groundTruth, groundTruthFormat, groundTruthDataset),
                queryCount,
                k);
    }

    private static Pass run(SpannIndex open, QueryRows rows, SearchOptions options, int threads) {
        ScanStats stats = new ScanStats();
        long start = System.nanoTime();
        Neighbors found = new BatchSearch(open, threads, stats).search(rows, options);
        return new Pass(found, stats, (System.nanoTime() - start) / 1e9);
    }

    private static ObjectNode toJson(Pass pass, SearchOptions options, double recall) {
        double count = pass.stats().queries();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("recall", rounded(recall, 1e6));
        json.put("k", options.k());
        json.put("queries", pass.stats().queries());
        json.put("seconds", rounded(pass.seconds(), 1e6));
        json.put("queries_per_second", rounded(count / pass.seconds(), 10));
        json.put("probes", rounded(pass.stats().probes() / count, 1e3));
        if (Double.isInfinite(options.epsilon())) {
            json.putNull("epsilon");
        } else {
            json.put("epsilon", options.epsilon());
        }
        json.put("mean_distances", rounded(pass.stats().distances() / count, 10));
        return json;
    }

    private static double rounded(double value, double steps) {
        return Math.round(value * steps) / steps;
    }
}
