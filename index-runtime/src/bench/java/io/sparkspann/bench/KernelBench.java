package io.sparkspann.bench;

import io.sparkspann.distance.KernelProvider;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the kernel benchmarks, the peak of the machine among them, each in a JVM of its own, and
 * prints a table: nanoseconds a pair, multiply-adds a second, share of the peak. Takes the options
 * of JMH.
 */
public final class KernelBench {
    private static final String PEAK = SimdPeakBenchmark.class.getSimpleName() + ".fma";

    private KernelBench() {}

    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(args);
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .parent(given)
                        .forks(given.getForkCount().orElse(1))
                        .warmupIterations(given.getWarmupIterations().orElse(5))
                        .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)))
                        .measurementIterations(given.getMeasurementIterations().orElse(5))
                        .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)))
                        .jvmArgsAppend("--add-modules=jdk.incubator.vector");
        if (!given.getIncludes().isEmpty()) {
            // A share of the peak needs the peak of the same run.
            options.include(PEAK);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        print(List.copyOf(results));
    }

    private static void print(List<RunResult> results) {
        double peak =
                results.stream()
                        .filter(result -> name(result).equals(PEAK))
                        .mapToDouble(result -> SimdPeakBenchmark.lanes() / nanos(result))
                        .findFirst()
                        .orElse(Double.NaN);
        System.out.printf(
                Locale.ROOT,
                "%nKernels: %s. Java %s. Peak of one core, measured: %.1f G multiply-adds/s.%n%n",
                KernelProvider.kernels().name(),
                System.getProperty("java.version"),
                peak);
        System.out.printf(
                Locale.ROOT,
                "%-36s %10s %12s %18s %14s%n",
                "kernel",
                "dimensions",
                "ns a pair",
                "G multiply-adds/s",
                "share of peak");
        results.stream()
                .filter(result -> !name(result).equals(PEAK))
                .sorted(Comparator.comparing(KernelBench::name).thenComparing(KernelBench::size))
                .forEach(result -> printRow(result, peak));
    }

    private static void printRow(RunResult result, double peak) {
        double rate = size(result) / nanos(result);
        System.out.printf(
                Locale.ROOT,
                "%-36s %10d %12.2f %18.1f %13.0f%%%n",
                name(result),
                size(result),
                nanos(result),
                rate,
                100 * rate / peak);
    }

    private static String name(RunResult result) {
        String name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private static int size(RunResult result) {
        return Integer.parseInt(result.getParams().getParam("dimensions"));
    }

    /** Of the fastest iteration, which other work on the machine disturbed least. */
    private static double nanos(RunResult result) {
        return result.getPrimaryResult().getStatistics().getMin();
    }
}
