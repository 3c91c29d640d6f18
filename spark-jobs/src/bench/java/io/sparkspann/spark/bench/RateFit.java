package io.sparkspann.spark.bench;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.distance.Metric;
import io.sparkspann.spark.plan.BuildModel;
import io.sparkspann.spark.plan.Cluster;
import io.sparkspann.spark.plan.IndexModel;
import io.sparkspann.spark.plan.JoinModel;
import io.sparkspann.spark.plan.Measurements;
import io.sparkspann.spark.plan.StageCost;
import io.sparkspann.spark.plan.TargetJoin;
import io.sparkspann.vector.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the rates with which the model of plans comes nearest to the processor times of runs: least
 * squares of relative errors over all stages of all runs, no rate below 0. A rate has a part for
 * each unit and one for each unit and dimension, so runs of two dimensions or more are needed to
 * tell these apart; each stage has a time to warm up, so several sizes are.
 */
final class RateFit {
    private static final int ROUNDS = 20_000;

    /** Times below this are mostly chance. */
    private static final double LEAST_SECONDS = 0.3;

    /** Rates that are measured apart, for no stage shows them. */
    private static final Set<String> MEASURED_APART = Set.of("tree.head");

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Integer> unknowns = new LinkedHashMap<>();
    private final Measurements old;

    /** One stage of one run: factors of the unknowns, and the measured seconds. */
    private record Row(Map<Integer, Double> factors, double seconds) {}

    /**
     * @param old counts of the model
     */
    RateFit(Measurements old) {
        this.old = old;
    }

    /** The stages of both jobs of a run, as the model has them. */
    static List<StageCost> modelled(ScaleRun run, Measurements measured) {
        List<StageCost> stages = new ArrayList<>();
        ScaleRun.Data data = run.data();
        BuildOptions options = BuildOptions.of(Metric.L2).withShards(run.index().shardsWished());
        IndexModel index =
                new IndexModel(
                        data.vectors(),
                        data.dimensions(),
                        ElementType.ofLabel(data.type()),
                        options,
                        measured);
        long taskHeap = run.heapBytes() / run.cores();
        stages.addAll(new BuildModel(index, measured, run.cores(), taskHeap).stages());
        Cluster cluster = new Cluster(1, run.cores(), run.heapBytes(), 1, 0);
        ScaleRun.Join join = run.join();
        TargetJoin target = new TargetJoin(join.queries(), join.k(), join.recallTarget());
        stages.addAll(new JoinModel(index, target, measured, cluster).stages());
        return stages;
    }

    /** The measurements with the counts of a run itself, so that only rates are left to find. */
    static Measurements withCounts(ScaleRun run, Measurements measured) {
        ScaleRun.Index index = run.index();
        ScaleRun.Join join = run.join();
        double posting = index.replicas() * run.data().vectors() / index.heads();
        Map<String, Measurements.Count> counts = new TreeMap<>(measured.counts());
        counts.put("replicas", just(index.replicas()));
        counts.put("probes-of-missed", just(join.probes()));
        counts.put("probes-of-k", just(1));
        counts.put("read-posting", just(join.distances() / join.probes() / posting));
        return new Measurements(measured.sources(), measured.rates(), measured.warmUps(), counts);
    }

    private static Measurements.Count just(double value) {
        return new Measurements.Count("run", 1, 0, List.of(List.of(1.0, value)));
    }

    /** What a stage of a run took; null if it did not run. */
    static StageRun measured(ScaleRun run, StageCost stage) {
        StageRun ofBuild = run.build().stages().get(stage.name());
        return ofBuild != null ? ofBuild : run.join().process().stages().get(stage.name());
    }

    void add(ScaleRun run) {
        for (StageCost stage : modelled(run, withCounts(run, old))) {
            StageRun found = measured(run, stage);
            if (found == null) {
                continue;
            }
            Map<Integer, Double> factors = new LinkedHashMap<>();
            double known = 0;
            for (StageCost.Work work : stage.work()) {
                double units = work.units() / 1e9;
                if (MEASURED_APART.contains(work.rate())) {
                    known += units * old.rates().get(work.rate()).nanos(run.data().dimensions());
                } else if (units > 0) {
                    factors.merge(unknown(work.rate()), units, Double::sum);
                    double components = units * run.data().dimensions();
                    factors.merge(unknown(work.rate() + "/d"), components, Double::sum);
                }
            }
            factors.merge(unknown("warm-up " + stage.name()), 1.0, Double::sum);
            rows.add(new Row(factors, Math.max(0, found.cpuSeconds() - known)));
        }
    }

    private int unknown(String name) {
        return unknowns.computeIfAbsent(name, key -> unknowns.size());
    }

    /** Solves, one unknown after another, until nothing changes. */
    private double[] solve() {
        int n = unknowns.size();
        double[] x = new double[n];
        List<List<Row>> rowsOf = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int u = i;
            rowsOf.add(rows.stream().filter(row -> row.factors().containsKey(u)).toList());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int u = 0; u < n; u++) {
                double above = 0;
                double below = 0;
                for (Row row : rowsOf.get(u)) {
                    double weight = 1 / Math.max(LEAST_SECONDS, row.seconds());
                    double factor = row.factors().get(u) * weight;
                    double rest = (row.seconds() - predicted(row, x)) * weight + factor * x[u];
                    above += factor * rest;
                    below += factor * factor;
                }
                x[u] = below > 0 ? Math.max(0, above / below) : 0;
            }
        }
        return x;
    }

    private static double predicted(Row row, double[] x) {
        double sum = 0;
        for (Map.Entry<Integer, Double> factor : row.factors().entrySet()) {
            sum += factor.getValue() * x[factor.getKey()];
        }
        return sum;
    }

    /**
     * The old measurements with the fitted rates in place of the old ones.
     *
     * @param source name of the runs
     */
    Measurements fitted(String source, Measurements.Source runs) {
        double[] x = solve();
        Map<String, Measurements.Rate> rates = new TreeMap<>(old.rates());
        Map<String, Double> warmUps = new TreeMap<>(old.warmUps());
        unknowns.forEach(
                (name, u) -> {
                    if (name.startsWith("warm-up ")) {
                        warmUps.put(name.substring("warm-up ".length()), rounded(x[u]));
                    } else if (!name.endsWith("/d")) {
                        double each = x[unknowns.get(name + "/d")];
                        rates.put(
                                name, new Measurements.Rate(source, rounded(x[u]), rounded(each)));
                    }
                });
        Map<String, Measurements.Source> sources = new TreeMap<>(old.sources());
        sources.put(source, runs);
        return new Measurements(sources, rates, warmUps, new TreeMap<>(old.counts()));
    }

    private static double rounded(double value) {
        return value == 0
                ? 0
                : Double.parseDouble(String.format(java.util.Locale.ROOT, "%.4g", value));
    }
}
