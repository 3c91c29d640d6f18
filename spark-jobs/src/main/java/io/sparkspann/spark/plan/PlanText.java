package io.sparkspann.spark.plan;

import io.sparkspann.build.BuildOptions;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A plan as a text for a person. */
public final class PlanText {
    private static final String ROW = "  %-24s %8s %6s %9s %9s %9s %9s %9s  %s%n";
    private static final double HOUR = 3600;

    /** Those of the runs whose joins were measured. */
    private static final int MEASURED_REPLICAS = 8;

    /** Of spark.driver.maxResultSize. */
    private static final double DEFAULT_RESULT_BYTES = 1L << 30;

    private final Plan plan;
    private final PrintWriter out;
    private final Measurements measured;

    public PlanText(Plan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
        this.measured = plan.measured();
    }

    /** Prints everything. */
    public void print() {
        index();
        out.println();
        build();
        if (plan.join() != null) {
            out.println();
            join();
        }
        out.println();
        basis();
    }

    private void line(String name, String format, Object... values) {
        out.printf(Locale.ROOT, "  %-12s %s%n", name, String.format(Locale.ROOT, format, values));
    }

    private void index() {
        IndexModel index = plan.index();
        BuildOptions options = index.outline().options();
        out.printf(
                Locale.ROOT,
                "Index of %s vectors of %d dimensions, %s, %s%n",
                Amounts.count(index.vectors()),
                index.dimensions(),
                index.space().type().label(),
                options.metric().label());
        line(
                "shards",
                "%,d, of %s vectors; the router has %,d leaves in %,d group%s",
                index.shards(),
                Amounts.count(index.shardVectors()),
                index.outline().leaves(),
                index.outline().groups(),
                index.outline().groups() == 1 ? "" : "s");
        line(
                "heads",
                "%s; %.2f of at most %d postings hold a vector [%s]; %.0f records a posting",
                Amounts.count(index.heads()),
                index.replicas(),
                options.replicas(),
                measured.count("replicas").source(),
                index.postingRecords());
        double all = index.indexBytes();
        line(
                "files",
                "%s, %.0f bytes a vector, %.1f times the vectors",
                Amounts.bytes(all),
                all / index.vectors(),
                all / index.vectors() / (index.rowBytes() - Long.BYTES));
        line(
                "",
                "postings %s, heads %s, graph %s, ids %s, router %s",
                Amounts.bytes(index.postingsBytes()),
                Amounts.bytes(index.headsBytes()),
                Amounts.bytes(index.graphBytes()),
                Amounts.bytes(index.idsBytes()),
                Amounts.bytes(index.routerBytes()));
    }

    private void build() {
        Cluster cluster = plan.cluster();
        out.printf(
                Locale.ROOT,
                "Build on %,d executors of %d cores and %s heap, %s/s each%n",
                cluster.executors(),
                cluster.cores(),
                Amounts.gibibytes(cluster.memoryBytes()),
                Amounts.bytes(cluster.bytesPerSecond()));
        stages(plan.build());
        BuildModel model = plan.build().model();
        line(
                "memory",
                "driver %s, of it %s results of '2/7: route'%s",
                Amounts.gibibytes(model.driverBytes()),
                Amounts.gibibytes(model.resultBytes()),
                model.resultBytes() >= DEFAULT_RESULT_BYTES
                        ? ": set spark.driver.maxResultSize above that, it is 1 GiB if not set"
                        : "");
        memory(plan.build().memory());
        double near = model.nearShards() * plan.index().treeMemory();
        if (near > model.treeBytes()) {
            line(
                    "trees",
                    "of the shards near to a chunk take %s, of which a task keeps %s: the closure"
                            + " loads them for each chunk; more memory for a task avoids that",
                    Amounts.gibibytes(near),
                    Amounts.gibibytes(model.treeBytes()));
        }
    }

    private void join() {
        JoinModel model = plan.join().model();
        out.printf(
                Locale.ROOT,
                "Join of %s queries, k %d, recall target %s%n",
                Amounts.count(model.join().queries()),
                model.join().k(),
                model.join().recallTarget());
        line(
                "a query",
                "%.0f postings, %s records [%s], %.1f shards [%s]",
                model.probes(),
                Amounts.count(model.distances()),
                measured.count("probes-of-missed").source(),
                model.fan(),
                measured.count("shards-of-query").source());
        if (plan.index().outline().options().replicas() < MEASURED_REPLICAS) {
            line(
                    "",
                    "measured with %d replicas; with fewer, this recall takes more postings than"
                            + " that",
                    MEASURED_REPLICAS);
        }
        line(
                "tasks",
                "%,d parts of shards, %,d queries at a time; %s",
                model.plan().parts(),
                model.chunkQueries(),
                model.plan().direct()
                        ? "each executor holds all heads and ids"
                        : "shards are scanned apart");
        stages(plan.join());
        memory(plan.join().memory());
    }

    private void stages(Plan.Job<?> job) {
        out.printf(
                ROW,
                "stage",
                "tasks",
                "waves",
                "CPU",
                "read",
                "written",
                "shuffled",
                "time",
                "from");
        for (StageTime stage : job.stages()) {
            StageCost cost = stage.cost();
            out.printf(
                    ROW,
                    cost.name(),
                    Amounts.count(cost.tasks()),
                    Amounts.count(stage.waves()),
                    Amounts.time(stage.cpuSeconds()),
                    Amounts.bytes(cost.bytes().read()),
                    Amounts.bytes(cost.bytes().written()),
                    Amounts.bytes(cost.bytes().shuffled()),
                    Amounts.time(stage.wallSeconds()),
                    sources(cost));
        }
        StageCost.Bytes bytes = job.bytes();
        out.printf(
                ROW,
                "together",
                "",
                "",
                Amounts.time(job.cpuSeconds()),
                Amounts.bytes(bytes.read()),
                Amounts.bytes(bytes.written()),
                Amounts.bytes(bytes.shuffled()),
                Amounts.time(job.seconds()),
                "");
        line(
                "cost",
                "%.3g core-hours of work, %.3g of the cluster; %s files opened",
                job.cpuSeconds() / HOUR,
                job.seconds() / HOUR * plan.cluster().slots(),
                Amounts.count(bytes.opened()));
    }

    private String sources(StageCost cost) {
        return cost.work().stream()
                .filter(work -> work.units() > 0)
                .map(work -> measured.rate(work.rate()).source())
                .distinct()
                .collect(Collectors.joining(","));
    }

    private void memory(MemoryNeed need) {
        line(
                "memory",
                "executor %s in '%s': %s a task, %s for all; %s",
                Amounts.gibibytes(need.executorBytes()),
                need.stage(),
                Amounts.gibibytes(need.taskBytes()),
                Amounts.gibibytes(need.sharedBytes()),
                need.suffices()
                        ? Amounts.gibibytes(plan.cluster().memoryBytes()) + " suffice"
                        : Amounts.gibibytes(plan.cluster().memoryBytes())
                                + " DO NOT SUFFICE; use "
                                + String.join(", or ", MemoryAdvice.of(plan, need)));
    }

    private void basis() {
        out.println("Extrapolated from");
        Set<String> used = new TreeSet<>();
        plan.build().stages().forEach(stage -> add(stage.cost(), used));
        if (plan.join() != null) {
            plan.join().stages().forEach(stage -> add(stage.cost(), used));
        }
        measured.counts().values().forEach(count -> used.add(count.source()));
        for (String name : used) {
            Measurements.Source source = measured.sources().get(name);
            out.printf(
                    Locale.ROOT,
                    "  %-8s %s: %s, %s%n           %s%n",
                    name,
                    source.date(),
                    source.data(),
                    source.machine(),
                    source.command());
        }
        out.println("Assumed growth with the number of vectors N");
        growth("replicas", "postings that hold a vector");
        growth("probes-of-missed", "postings that a query reads at a recall target");
        growth("shards-of-query", "shards that a query needs, beyond the growth with shards");
        out.println(
                "  work on a vector beyond the router: none, for leaves and nodes stay of a size");
        out.println(
                "  router: leaves N^1, centroids compared for a vector N^0.5; exact neighbours of"
                        + " the calibration: N^1");
    }

    private void add(StageCost cost, Set<String> used) {
        cost.work().forEach(work -> used.add(measured.rate(work.rate()).source()));
    }

    private void growth(String name, String meaning) {
        Measurements.Count count = measured.count(name);
        out.printf(Locale.ROOT, "  %s: N^%.3f [%s]%n", meaning, count.growth(), count.source());
    }
}
