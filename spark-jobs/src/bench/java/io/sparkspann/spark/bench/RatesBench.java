package io.sparkspann.spark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkspann.spark.plan.Measurements;
import io.sparkspann.spark.plan.StageCost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fits the rates of plans to runs of {@code bench scale}, and shows how far the model is off. */
@Command(
        name = "bench rates",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fits the rates that 'spark-spann plan' extrapolates from to the runs of 'bench scale',"
                    + " and prints the deviation of the model from each run.",
            "The file that it writes takes the place of measurements.json of the sources."
        })
final class RatesBench implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Runs: the files run.json that bench scale leaves for each size.")
    private List<Path> files;

    @Option(
            names = "--check",
            split = ",",
            paramLabel = "FILE",
            description = "Runs that are compared only, and do not shape the rates.")
    private List<Path> checks = List.of();

    @Option(
            names = "--source",
            defaultValue = "rates",
            description = "Name of the runs in plans (default rates).")
    private String source;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where to write the measurements; nowhere if not given.")
    private Path output;

    public static void main(String[] args) {
        System.exit(new CommandLine(new RatesBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Measurements old = Measurements.load();
        List<ScaleRun> runs = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        RateFit fit = new RateFit(old);
        StringBuilder data = new StringBuilder();
        for (Path file : files) {
            ScaleRun run = mapper.readValue(file.toFile(), ScaleRun.class);
            runs.add(run);
            fit.add(run);
            data.append(data.isEmpty() ? "" : ", ")
                    .append(run.data().vectors())
                    .append(" x ")
                    .append(run.data().dimensions())
                    .append(' ')
                    .append(run.data().type());
        }
        Results.Machine machine = Results.Machine.here();
        Measurements fitted =
                fit.fitted(
                        source,
                        new Measurements.Source(
                                machine.cores() + " cores of " + machine.cpu(),
                                data.toString(),
                                runs.get(0).date(),
                                "bench scale, then bench rates"));
        for (ScaleRun run : runs) {
            print(run, fitted);
        }
        for (Path check : checks) {
            print(mapper.readValue(check.toFile(), ScaleRun.class), fitted);
        }
        if (output != null) {
            mapper.enable(SerializationFeature.INDENT_OUTPUT).writeValue(output.toFile(), fitted);
        }
        return 0;
    }

    /** Deviations of processor time, stage by stage. */
    private static void print(ScaleRun run, Measurements measured) {
        System.out.printf(
                Locale.ROOT,
                "%,d x %d %s, %d shards%n",
                run.data().vectors(),
                run.data().dimensions(),
                run.data().type(),
                run.index().shards());
        double[] modelSums = new double[2];
        double[] runSums = new double[2];
        Measurements own = RateFit.withCounts(run, measured);
        for (StageCost stage : RateFit.modelled(run, own)) {
            StageRun found = RateFit.measured(run, stage);
            if (found == null) {
                continue;
            }
            double model = seconds(run, stage, measured);
            int job = stage.name().startsWith("join") ? 1 : 0;
            modelSums[job] += model;
            runSums[job] += found.cpuSeconds();
            print(stage.name(), found.cpuSeconds(), model);
        }
        print("build", runSums[0], modelSums[0]);
        print("join", runSums[1], modelSums[1]);
        double foreseen = 0;
        for (StageCost stage : RateFit.modelled(run, measured)) {
            foreseen += seconds(run, stage, measured);
        }
        print("both, counts foreseen", runSums[0] + runSums[1], foreseen);
    }

    static double seconds(ScaleRun run, StageCost stage, Measurements measured) {
        return stage.cpuSeconds(measured, run.data().dimensions())
                + measured.warmUps().getOrDefault(stage.name(), 0.0);
    }

    private static void print(String name, double run, double model) {
        System.out.printf(
                Locale.ROOT,
                "  %-24s run %8.2f s CPU, model %8.2f s, %+5.0f %%%n",
                name,
                run,
                model,
                100 * (model / run - 1));
    }
}
