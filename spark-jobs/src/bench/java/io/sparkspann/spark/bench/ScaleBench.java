package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkspann.error.SpannException;
import io.sparkspann.spark.plan.Amounts;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how build and join grow with the number of vectors, on this machine. */
@Command(
        name = "bench scale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Grows the vectors of a file to several sizes, builds and joins each in fresh JVMs of a"
                    + " fixed heap, and prints time, memory, bytes and recall with their growth.",
            "Grown vectors mix real ones of the same neighbourhood; recall is that of queries whose"
                    + " true neighbours are found by exact search. Metric l2."
        })
final class ScaleBench implements Callable<Integer> {
    @Option(
            names = "--base",
            required = true,
            paramLabel = "FILE",
            description = "fvecs or bvecs file that vectors are grown from; read into memory.")
    private String base;

    @Option(
            names = "--sizes",
            split = ",",
            defaultValue = "1000000,4000000,16000000",
            paramLabel = "N",
            description = "Numbers of vectors (default ${DEFAULT-VALUE}).")
    private List<String> sizes;

    @Option(names = "--heap", defaultValue = "2g", description = "Heap of each JVM (default 2g).")
    private String heap;

    @Option(names = "--threads", defaultValue = "2", description = "Cores (default 2).")
    private int threads;

    @Option(
            names = "--queries",
            defaultValue = "100000",
            description = "Queries of the join, grown as well (default 100000).")
    private long queries;

    @Option(
            names = "--sample",
            defaultValue = "1000",
            description = "Queries whose recall is measured (default 1000).")
    private long sample;

    @Option(names = "--k", defaultValue = "10", description = "Neighbours (default 10).")
    private int k;

    @Option(names = "--recall-target", defaultValue = "0.95", description = "(default 0.95)")
    private double recallTarget;

    @Option(
            names = "--build-options",
            split = " ",
            defaultValue = "",
            description = "Further options of the build, such as '--shards 64'.")
    private List<String> buildOptions;

    @Option(names = "--seed", defaultValue = "1", description = "Of grown vectors (default 1).")
    private long seed;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/bench-scale",
            description = "Vectors, truth and indexes (default ${DEFAULT-VALUE}).")
    private Path work;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = "scale.json",
            description = "Every figure (default ${DEFAULT-VALUE}).")
    private Path output;

    public static void main(String[] args) {
        System.exit(commandLine(new ScaleBench()).execute(args));
    }

    /** A command whose errors are one line. */
    static CommandLine commandLine(Object command) {
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler(
                (failure, command2, result) -> {
                    if (failure instanceof NoSuchFileException) {
                        System.err.println("bench: " + failure.getMessage() + ": no such file");
                        return 1;
                    }
                    if (!(failure instanceof SpannException)) {
                        throw failure;
                    }
                    System.err.println("bench: " + failure.getMessage());
                    return 1;
                });
        return line;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createDirectories(work.toAbsolutePath());
        ScaleSize.Options options =
                new ScaleSize.Options(
                        base,
                        folder,
                        seed,
                        heap,
                        threads,
                        queries,
                        Math.min(sample, queries),
                        k,
                        recallTarget,
                        buildOptions.stream().filter(option -> !option.isEmpty()).toList());
        List<ScaleRun> runs = new ArrayList<>();
        for (String text : sizes) {
            long size = Amounts.count("sizes", text);
            runs.add(new ScaleSize(options, size, "size-" + size).run());
            // After each size, so that a run which is ended early is not lost.
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValue(output.toFile(), runs);
        }
        new ScaleReport(runs, System.out).print();
        System.err.println(
                "all figures: " + output + "; for bench rates: " + folder + "/size-*/run.json");
        return 0;
    }
}
