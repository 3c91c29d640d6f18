package io.sparkspann.spark.plan;

import io.sparkspann.search.ProbePolicy;
import io.sparkspann.spark.input.Ranges;
import io.sparkspann.spark.join.JoinMemory;
import io.sparkspann.spark.join.JoinPlan;
import io.sparkspann.spark.join.JoinPlanner;
import io.sparkspann.spark.join.Selection;
import java.util.ArrayList;
import java.util.List;

/** What the stages of a join cost, and how the join is divided by its own planner. */
public final class JoinModel {
    private static final int KEY_BYTES = Long.BYTES;
    private static final int ID_BYTES = Long.BYTES;

    /** Bound, and number of postings, of a query; starts of a list. */
    private static final int QUERY_BYTES = 8;

    private static final double READ_TASK_BYTES = 64 << 20;

    private final IndexModel index;
    private final TargetJoin join;
    private final Measurements measured;
    private final Cluster cluster;
    private final JoinMemory memory;
    private final JoinPlan plan;

    public JoinModel(IndexModel index, TargetJoin join, Measurements measured, Cluster cluster) {
        this.index = index;
        this.join = join;
        this.measured = measured;
        this.cluster = cluster;
        this.memory = JoinMemory.ofHeap(cluster.memoryBytes(), cluster.cores());
        int most = (int) Math.min(Integer.MAX_VALUE, Math.ceil(mostProbes()));
        this.plan =
                new JoinPlanner(
                                new JoinPlanner.Indexed(
                                        index.shards(),
                                        (long) index.heads(),
                                        (long) (ID_BYTES * index.vectors()),
                                        index.space()),
                                ProbePolicy.fixed(most, Double.POSITIVE_INFINITY),
                                Selection.of(join.k()),
                                memory,
                                1)
                        .plan(join.queries(), Long.BYTES, cluster.slots());
    }

    JoinPlan plan() {
        return plan;
    }

    TargetJoin join() {
        return join;
    }

    /** Memory of an executor for trees of shards. */
    double treeBytes() {
        return memory.treeBytes();
    }

    /** Postings that a query reads, mean. */
    double probes() {
        double missed = 1 - join.recallTarget();
        double ofRecall = measured.count("probes-of-missed").at(missed, index.vectors());
        double ofK = measured.count("probes-of-k").at(join.k(), index.vectors());
        return Math.max(1, Math.min(index.heads(), ofRecall * ofK));
    }

    private double mostProbes() {
        double most = probes() * measured.count("most-probes").at(1, index.vectors());
        return Math.max(1, Math.min(index.heads(), most));
    }

    /** Records of a posting that is read: large ones are read more often. */
    private double readRecords() {
        return index.postingRecords() * measured.count("read-posting").at(1, index.vectors());
    }

    /** Records that a query is compared with. */
    double distances() {
        return probes() * readRecords();
    }

    /** Shards that a query is sent to. */
    double fan() {
        double wished = measured.count("shards-of-query").at(index.shards(), index.vectors());
        return Math.max(1, Math.min(Math.min(index.shards(), probes()), wished));
    }

    /** Bytes of postings that all tasks read: those that no query of a chunk wants are skipped. */
    double postingBytesRead() {
        double passes = passes();
        double near = plan.direct() ? nearShards() : 1;
        double heads = near * index.heads() / index.shards();
        double pairs = join.queries() * probes() / passes;
        // Queries of data like the index's choose postings with a probability like their size.
        double wanted = heads * (1 - Math.exp(-pairs / heads));
        return passes * wanted * index.postingBytes();
    }

    /** How often a task streams the postings that its queries want, all tasks together. */
    private double passes() {
        double sent = plan.direct() ? join.queries() : join.queries() * fan();
        double chunks = Math.ceil(sent / plan.parts() / plan.chunkQueries());
        return plan.parts() * Math.max(1, chunks);
    }

    /** All stages, in the order in which they run. */
    public List<StageCost> stages() {
        List<StageCost> stages = new ArrayList<>();
        stages.add(group());
        if (plan.direct()) {
            stages.add(search());
        } else {
            stages.add(route());
            stages.add(scan());
            stages.add(merge());
        }
        return stages;
    }

    private double queryTasks() {
        long bytes = (long) (index.rowBytes() - ID_BYTES);
        return Ranges.count(join.queries(), bytes, cluster.slots());
    }

    private double queryBytes() {
        return KEY_BYTES + index.rowBytes() + QUERY_BYTES;
    }

    private double inputBytes() {
        return join.queries() * (index.rowBytes() - ID_BYTES);
    }

    /** Blocks in Spark's shuffle are compressed. */
    private double shuffled(double bytes) {
        return bytes * measured.count("compression").at(1, 1);
    }

    private StageCost group() {
        return StageCost.of("join: group", queryTasks())
                .work("group.query", join.queries())
                .work("tile.distance", join.queries() * index.routerDistances(1))
                .reads(inputBytes() + index.routerBytes() * cluster.executors(), queryTasks())
                .shuffles(shuffled(join.queries() * queryBytes()))
                .memory(READ_TASK_BYTES + chunkMemory())
                .build();
    }

    /** All of it in one step: heads, postings and rows. */
    private StageCost search() {
        double trees = Math.min(cluster.executors(), plan.parts());
        double postings = postingBytesRead();
        double read = trees * (index.headsBytes() + index.idsBytes()) + postings;
        double rows = rows();
        return StageCost.of("join: search", plan.parts())
                .work("route.query", join.queries())
                .work("route.probe", join.queries() * probes())
                .work("tile.distance", join.queries() * index.routerDistances(32))
                .work("tree.head", trees * index.heads())
                .work("scan.distance", join.queries() * distances())
                .work("scan.list", join.queries())
                .work("scan.record", postings / index.postingBytes() * index.postingRecords())
                .work("merge.row", rows)
                .reads(read, 2.0 * trees * index.shards() + 2 * passes() * nearShards())
                .writes(rows * measured.count("row-bytes").at(1, 1))
                .memory(chunkMemory() + READ_TASK_BYTES)
                .spread(measured.count("spread").at(1, 1))
                .build();
    }

    private StageCost route() {
        double trees = treesOfRoute();
        double routed = queryBytes() * fan() + Integer.BYTES * probes();
        return StageCost.of("join: route", plan.parts())
                .work("route.query", join.queries())
                .work("route.probe", join.queries() * probes())
                .work("tile.distance", join.queries() * index.routerDistances(32))
                .work("tree.head", trees * index.heads() / index.shards())
                .reads(trees * index.headsBytes() / index.shards(), trees)
                .shuffles(shuffled(join.queries() * routed))
                .memory(READ_TASK_BYTES + chunkMemory())
                .spread(measured.count("spread").at(1, 1))
                .build();
    }

    /** Trees that are loaded while queries look for heads. */
    private double treesOfRoute() {
        return plan.parts() * nearShards();
    }

    /** Shards that the queries of a part need together. */
    private double nearShards() {
        double near = measured.count(BuildModel.NEAR_SHARDS).at(index.shards(), index.vectors());
        return Math.min(index.shards(), near);
    }

    private StageCost scan() {
        double read = postingBytesRead();
        double listBytes =
                KEY_BYTES + ID_BYTES + QUERY_BYTES / 2.0 + join.k() * (Float.BYTES + ID_BYTES);
        double lists = join.queries() * fan();
        double idBytes = plan.parts() * index.idsBytes() / index.shards();
        double trees = Math.max(index.shards(), plan.parts());
        return StageCost.of("join: scan", plan.parts())
                .work("scan.distance", join.queries() * distances())
                .work("scan.list", lists)
                .work("scan.record", read / index.postingBytes() * index.postingRecords())
                .work("tree.head", trees * index.heads() / index.shards())
                .reads(read + idBytes, 3.0 * plan.parts())
                .shuffles(shuffled(lists * listBytes))
                .memory(chunkMemory() + 2 * index.idsBytes() / index.shards() + READ_TASK_BYTES)
                .spread(measured.count("spread").at(1, 1))
                .build();
    }

    private double chunkMemory() {
        return memory.taskBytes();
    }

    private StageCost merge() {
        double rows = rows();
        double entries = rows * fan();
        return StageCost.of("join: merge", plan.mergeBuckets())
                .work("merge.entry", entries)
                .work("merge.row", rows)
                .writes(rows * measured.count("row-bytes").at(1, 1))
                .memory(READ_TASK_BYTES + 3 * entries / plan.mergeBuckets() * (ID_BYTES + 4))
                .build();
    }

    /** Rows of the result. */
    double rows() {
        return (double) join.queries() * join.k();
    }

    /** Queries that a task holds. */
    int chunkQueries() {
        return plan.chunkQueries();
    }

    Cluster cluster() {
        return cluster;
    }
}
