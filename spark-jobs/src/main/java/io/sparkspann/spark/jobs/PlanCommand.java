package io.sparkspann.spark.jobs;

import io.sparkspann.build.BuildOptions;
import io.sparkspann.cli.Labels;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.VectorSchema;
import io.sparkspann.search.SearchOptions;
import io.sparkspann.spark.plan.Amounts;
import io.sparkspann.spark.plan.Cluster;
import io.sparkspann.spark.plan.IndexModel;
import io.sparkspann.spark.plan.Measurements;
import io.sparkspann.spark.plan.Plan;
import io.sparkspann.spark.plan.PlanJson;
import io.sparkspann.spark.plan.PlanText;
import io.sparkspann.spark.plan.TargetJoin;
import io.sparkspann.vector.ElementType;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says beforehand what a build and a join will take. */
@Command(
        name = "plan",
        description = {
            "Says what a build, and a join, of a size will take on a cluster: shards, tasks,"
                    + " memory, bytes, core-hours and time.",
            "Sizes come from the index format and the planners themselves, times from measured"
                    + " rates, which the plan names. Runs without Spark and without data."
        },
        footer = {
            "",
            "Example:",
            "  spark-spann plan --vectors 1e9 --dimensions 128 --type uint8 --executors 32 \\",
            "    --cores 16 --memory 64g --queries 1e8"
        })
final class PlanCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--vectors",
            required = true,
            paramLabel = "N",
            description = "Base vectors, such as 1000000, 1e9 or 250M.")
    private String vectors;

    @Option(
            names = "--dimensions",
            required = true,
            paramLabel = "D",
            description = "Components of a vector.")
    private int dimensions;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "float32 (default), float16, uint8 or int8.")
    private String type = "float32";

    @Option(
            names = "--executors",
            required = true,
            paramLabel = "E",
            description = "Number of executors.")
    private int executors;

    @Option(
            names = "--cores",
            required = true,
            paramLabel = "C",
            description = "Cores of an executor.")
    private int cores;

    @Option(
            names = "--memory",
            required = true,
            paramLabel = "M",
            description = "Heap of an executor, such as 16g.")
    private String memory;

    @Option(
            names = "--queries",
            paramLabel = "Q",
            description = "Queries of a join, planned as well.")
    private String queries;

    @Option(names = "--k", paramLabel = "K", description = "Neighbours of each query (default 10).")
    private int k = 10;

    @Option(
            names = "--recall-target",
            paramLabel = "R",
            description = "Recall that the join is to reach (default 0.95).")
    private double recallTarget = SearchOptions.DEFAULT_RECALL_TARGET;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            converter = Labels.OfMetric.class,
            description = "l2 (default), ip or cosine.")
    private Metric metric = Metric.L2;

    @Option(names = "--replicas", paramLabel = "N", description = "As of a build (default 8).")
    private Integer replicas;

    @Option(names = "--head-ratio", paramLabel = "R", description = "As of a build (default 0.05).")
    private Double headRatio;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "As of a build (default 0: by the size of the table).")
    private Integer shards;

    @Option(
            names = "--throughput",
            paramLabel = "BYTES",
            description =
                    "What an executor reads or writes in a second, storage and shuffles (default"
                            + " 700m, of a local disk).")
    private String throughput = "700m";

    @Option(
            names = "--request-millis",
            paramLabel = "MS",
            description =
                    "Until the storage answers a request (default 0.1, of a local disk; object"
                            + " stores take 20 to 50).")
    private double requestMillis = 0.1;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    private boolean json;

    @Override
    public Integer call() {
        Plan plan;
        try {
            plan = plan();
        } catch (InvalidInputException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        new PlanText(plan, out).print();
        if (json) {
            out.println(PlanJson.of(plan));
        }
        return 0;
    }

    private Plan plan() {
        if (dimensions < 1 || dimensions > VectorSchema.MAX_DIMENSIONS) {
            throw new InvalidInputException(
                    "dimensions is " + dimensions + "; use 1 to " + VectorSchema.MAX_DIMENSIONS);
        }
        long rows = Amounts.count("vectors", vectors);
        ElementType elementType = ElementType.ofLabel(type);
        Cluster cluster =
                new Cluster(
                        executors,
                        cores,
                        Amounts.bytes("memory", memory),
                        Amounts.bytes("throughput", throughput),
                        requestMillis / 1000);
        Measurements measured = Measurements.load();
        IndexModel index = new IndexModel(rows, dimensions, elementType, options(), measured);
        return Plan.of(index, cluster, join(), measured);
    }

    private TargetJoin join() {
        return queries == null
                ? null
                : new TargetJoin(Amounts.count("queries", queries), k, recallTarget);
    }

    private BuildOptions options() {
        BuildOptions options = BuildOptions.of(metric);
        options = shards == null ? options : options.withShards(shards);
        options = replicas == null ? options : options.withReplicas(replicas);
        return headRatio == null ? options : options.withHeadRatio(headRatio);
    }
}
