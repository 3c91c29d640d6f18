package io.sparkspann.spark.bench;

import io.sparkspann.spark.plan.Measurements;
import io.sparkspann.spark.plan.StageCost;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Sizes side by side, and how what they cost grows. */
final class ScaleReport {
    private static final double MEGA = 1e6;

    private final List<ScaleRun> runs;
    private final PrintStream out;

    ScaleReport(List<ScaleRun> runs, PrintStream out) {
        this.runs = runs;
        this.out = out;
    }

    /** Prints a line for each figure, a column for each size, and the exponent of growth. */
    void print() {
        out.printf(Locale.ROOT, "%-34s", "vectors");
        runs.forEach(run -> out.printf(Locale.ROOT, "%14d", run.data().vectors()));
        out.printf("%10s%n", "growth");
        line("build, s", run -> run.build().seconds());
        runs.get(0).build().stageSeconds().keySet().stream()
                .forEach(
                        stage ->
                                line(
                                        "  stage " + stage + ", s",
                                        run ->
                                                run.build()
                                                        .stageSeconds()
                                                        .getOrDefault(stage, 0.0)));
        line("build, s of processor", run -> run.build().cpuSeconds());
        line("  as planned, s of processor", run -> planned(run, false));
        line("build, peak memory, MB", run -> run.build().peakBytes() / MEGA);
        line("build, bytes written a vector", run -> each(run, run.build().writtenBytes()));
        line("index, bytes a vector", run -> each(run, run.index().bytes()));
        line("  vectors and ids alone", run -> each(run, run.index().leastBytes()));
        line("postings that hold a vector", run -> run.index().replicas());
        line("join, s", run -> run.join().process().seconds());
        line("join, s of processor", run -> run.join().process().cpuSeconds());
        line("  as planned, s of processor", run -> planned(run, true));
        line("join, recall", run -> run.join().recall());
        line("join, postings a query", run -> run.join().probes());
        line("join, records a query", run -> run.join().distances());
        line("join, peak memory, MB", run -> run.join().process().peakBytes() / MEGA);
        line("join, shuffled bytes a query", run -> shuffled(run));
        line("join, posting bytes read a query", run -> perQuery(run));
    }

    private static double each(ScaleRun run, double amount) {
        return amount / run.data().vectors();
    }

    private static double shuffled(ScaleRun run) {
        return (double) run.join().process().shuffleWritten() / run.join().queries();
    }

    private static double perQuery(ScaleRun run) {
        return (double) run.join().postingBytesRead() / run.join().queries();
    }

    /** What the plan foresees for the stages that ran. */
    private static double planned(ScaleRun run, boolean join) {
        Measurements measured = Measurements.load();
        double sum = 0;
        for (StageCost stage : RateFit.modelled(run, measured)) {
            if (stage.name().startsWith("join") == join && RateFit.measured(run, stage) != null) {
                sum += RatesBench.seconds(run, stage, measured);
            }
        }
        return sum;
    }

    private void line(String name, ToDoubleFunction<ScaleRun> figure) {
        out.printf(Locale.ROOT, "%-34s", name);
        for (ScaleRun run : runs) {
            double value = figure.applyAsDouble(run);
            String format = value < 10 ? "%14.3f" : value < 1000 ? "%14.1f" : "%,14.0f";
            out.printf(Locale.ROOT, format, value);
        }
        double growth = growth(figure);
        out.printf(Locale.ROOT, Double.isNaN(growth) ? "%n" : "   N^%.2f%n", growth);
    }

    /** Slope of a straight line through the logarithms; NaN if there is none. */
    double growth(ToDoubleFunction<ScaleRun> figure) {
        double meanX = 0;
        double meanY = 0;
        for (ScaleRun run : runs) {
            meanX += Math.log(run.data().vectors()) / runs.size();
            meanY += Math.log(figure.applyAsDouble(run)) / runs.size();
        }
        double above = 0;
        double below = 0;
        for (ScaleRun run : runs) {
            double x = Math.log(run.data().vectors()) - meanX;
            above += x * (Math.log(figure.applyAsDouble(run)) - meanY);
            below += x * x;
        }
        double slope = above / below;
        return Double.isFinite(slope) ? slope : Double.NaN;
    }
}
