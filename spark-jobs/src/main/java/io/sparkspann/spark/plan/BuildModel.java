package io.sparkspann.spark.plan;

import io.sparkspann.build.BuildOutline;
import io.sparkspann.spark.input.Ranges;
import java.util.ArrayList;
import java.util.List;

/**
 * What the stages of a build cost. Stages have the names that Spark shows, so that runs can be
 * compared with them.
 */
public final class BuildModel {
    /** The count that says how many shards the rows of a chunk of the closure are near to. */
    static final String NEAR_SHARDS = "near-shards";

    /** Reads of the nodes and heads of a beam: nodes, the first ones, the others. */
    private static final int TREE_PASSES = 3;

    /** Those of the search, and one for the heads that are compared with each other. */
    private static final int CLOSURE_PASSES = TREE_PASSES + 1;

    private static final double INPUT_TASK_BYTES = 160 << 20;
    private static final double BYTES_OF_HEAD = 12;

    private final IndexModel index;
    private final BuildOutline outline;
    private final Measurements measured;
    private final int parallelism;
    private final long treeBytes;

    /**
     * @param parallelism tasks at a time
     * @param taskHeapBytes heap that a task may count on
     */
    public BuildModel(
            IndexModel index, Measurements measured, int parallelism, long taskHeapBytes) {
        this.treeBytes = BuildOutline.treeBytes(taskHeapBytes);
        this.index = index;
        this.outline = index.outline();
        this.measured = measured;
        this.parallelism = parallelism;
    }

    /** All stages, in the order in which they run. */
    public List<StageCost> stages() {
        List<StageCost> stages = new ArrayList<>();
        stages.add(scan());
        stages.addAll(router());
        stages.add(route());
        stages.add(heads());
        stages.add(closure());
        stages.add(postings());
        if (outline.calibrationQueries() > 0) {
            stages.add(homeTruth());
            stages.add(truth());
            stages.add(replicas());
            stages.add(calibrate());
        }
        return stages;
    }

    /** Tasks that read the input, as a vector file. */
    double inputTasks() {
        return Ranges.count(outline.table().rows(), (long) vectorBytes(), parallelism);
    }

    private double vectorBytes() {
        return index.rowBytes() - Long.BYTES;
    }

    private double inputBytes() {
        return index.vectors() * vectorBytes();
    }

    private double stagedBytes() {
        return index.vectors() * index.rowBytes();
    }

    private double sampleBytes() {
        return outline.sampleRows() * index.rowBytes();
    }

    private StageCost scan() {
        return StageCost.of("1/7: scan", inputTasks())
                .work("scan.row", index.vectors())
                .reads(inputBytes(), inputTasks())
                .writes(sampleBytes())
                .memory(INPUT_TASK_BYTES)
                .build();
    }

    private List<StageCost> router() {
        double sample = outline.sampleRows();
        double leaves = outline.leaves();
        double groups = outline.groups();
        if (groups == 1) {
            return List.of(
                    StageCost.of("1/7: router", 1)
                            .work("tile.distance", clustering(sample, leaves))
                            .reads(sampleBytes(), inputTasks())
                            .memory(outline.sampleTaskBytes())
                            .build());
        }
        StageCost top =
                StageCost.of("1/7: router groups", 1)
                        .work("tile.distance", clustering(sample * groups / leaves, groups))
                        .reads(sampleBytes(), inputTasks())
                        .memory(outline.sampleTaskBytes())
                        .build();
        StageCost routed =
                StageCost.of("1/7: router sample", inputTasks())
                        .work("route.row", sample)
                        .work("tile.distance", sample * groups)
                        .reads(sampleBytes(), inputTasks())
                        .writes(sampleBytes())
                        .memory(INPUT_TASK_BYTES)
                        .build();
        StageCost below =
                StageCost.of("1/7: router leaves", groups)
                        .work(
                                "tile.distance",
                                groups * clustering(sample / groups, leaves / groups))
                        .reads(sampleBytes(), groups * inputTasks())
                        .memory(outline.sampleTaskBytes())
                        .spread(measured.count("spread").at(1, 1))
                        .build();
        return List.of(top, routed, below);
    }

    /** Distances of a clustering: rounds over a sample of the rows, then all rows once. */
    private double clustering(double rows, double clusters) {
        double rounds = measured.count("clustering-rounds").at(1, 1);
        double sample = measured.count("clustering-sample").at(1, 1);
        return (rounds * Math.min(rows, sample * clusters) + rows) * clusters;
    }

    private double routedFiles() {
        double perTask = Math.ceil(inputBytes() / inputTasks() / outline.routedFileBytes());
        return inputTasks() * perTask;
    }

    private StageCost route() {
        double directories = routedFiles() * outline.routedDirectoryBytes();
        return StageCost.of("2/7: route", inputTasks())
                .work("route.row", index.vectors())
                .work("tile.distance", index.vectors() * index.routerDistances(1))
                .work("router.group", index.vectors() * index.routerGroups(1))
                .reads(inputBytes() + inputTasks() * index.routerBytes(), 2 * inputTasks())
                .writes(stagedBytes() + directories)
                .memory(INPUT_TASK_BYTES + index.routerMemory() + outline.routedDirectoryBytes())
                .build();
    }

    /** Every shard opens every routed file, and reads its directory. */
    private StageCost heads() {
        double opened = routedFiles() * index.shards();
        return ofShards("3/7: heads")
                .work("heads.row", index.vectors())
                .reads(stagedBytes() + opened * outline.routedDirectoryBytesOfShard(), opened)
                .writes(stagedBytes() + index.headsBytes())
                .build();
    }

    private StageCost.Builder ofShards(String name) {
        return StageCost.of(name, index.shards())
                .memory(outline.shardTaskBytes() + index.routerMemory())
                .spread(measured.count("spread").at(1, 1));
    }

    /**
     * Trees that the closure of all shards loads. Where those of the near shards do not fit the
     * memory for them, every pass over a chunk loads them anew, for it goes through the shards in
     * order.
     */
    private double treesOfClosure() {
        double near = nearShards();
        if (near * index.treeMemory() <= treeBytes) {
            return index.shards() * near;
        }
        double chunks = Math.ceil(index.shardVectors() / outline.closureChunk());
        return index.shards() * near * CLOSURE_PASSES * chunks;
    }

    /** Memory of a task for trees of other shards. */
    long treeBytes() {
        return treeBytes;
    }

    /** Shards whose trees the rows of a chunk need. */
    double nearShards() {
        return Math.min(
                index.shards(), measured.count(NEAR_SHARDS).at(index.shards(), index.vectors()));
    }

    private StageCost closure() {
        double trees = treesOfClosure();
        double foreign = index.vectors() * index.foreignShare();
        double sent =
                index.records() * outline.recordBytes()
                        + foreign * (index.rowBytes() + Integer.BYTES)
                        + Integer.BYTES * (index.vectors() + index.records());
        return ofShards("4/7: closure")
                .work("closure.row", index.vectors())
                .work(
                        "tile.distance",
                        index.vectors() * index.routerDistances(outline.closureLeaves()))
                .work("router.group", index.vectors() * index.routerGroups(outline.closureLeaves()))
                .work("tree.head", trees * index.heads() / index.shards())
                .reads(stagedBytes() + trees * index.headsBytes() / index.shards(), trees)
                .writes(sent + index.graphBytes())
                .build();
    }

    private StageCost postings() {
        double foreign = index.vectors() * index.foreignShare();
        double received =
                index.records() * outline.recordBytes()
                        + foreign * (index.rowBytes() + Integer.BYTES);
        return ofShards("5/7: postings")
                .work("postings.record", index.records())
                .reads(stagedBytes() + received, index.shards() * (1 + nearShards()))
                .writes(index.postingsBytes() + index.idsBytes())
                .build();
    }

    private StageCost homeTruth() {
        double queries = outline.calibrationQueries();
        return ofShards("6/7: truth, home shards")
                .work("truth.row", index.vectors())
                .work("truth.distance", queries * index.shardVectors())
                .reads(stagedBytes(), 2.0 * index.shards())
                .build();
    }

    private StageCost truth() {
        double queries = outline.calibrationQueries();
        return ofShards("6/7: truth, all shards")
                .work("truth.row", index.vectors())
                .work("truth.distance", queries * index.vectors())
                .reads(stagedBytes(), 2.0 * index.shards())
                .build();
    }

    private StageCost replicas() {
        return ofShards("6/7: replicas")
                .work("replicas.record", index.records())
                .reads(Integer.BYTES * (index.vectors() + index.records()), index.shards())
                .build();
    }

    /** A few tasks search with every number of probes, and load the trees of most shards. */
    private StageCost calibrate() {
        double searches = outline.calibrationSearches();
        double queries = outline.calibrationQueries();
        double tasks = outline.calibrationTasks();
        double all = index.shards() * index.treeMemory();
        double touched = Math.min(index.shards(), queries * nearShards());
        double loads = all <= treeBytes ? tasks * touched : searches * TREE_PASSES * touched;
        return StageCost.of("6/7: calibrate", tasks)
                .work("calibrate.query", searches * queries)
                .work("tile.distance", searches * queries * index.routerDistances(64))
                .work("tree.head", loads * index.heads() / index.shards())
                .reads(loads * index.headsBytes() / index.shards(), loads)
                .memory(
                        treeBytes
                                + index.treeMemory()
                                + index.routerMemory()
                                + BYTES_OF_HEAD * index.heads()
                                + INPUT_TASK_BYTES)
                .build();
    }

    /**
     * What the driver holds of the counts that tasks send it: of each leaf in each split, as bytes
     * and as numbers.
     */
    double driverBytes() {
        return 2 * resultBytes() + index.routerMemory();
    }

    /** What the tasks of a stage send to the driver, at most: see spark.driver.maxResultSize. */
    double resultBytes() {
        return inputTasks() * outline.leaves() * Integer.BYTES;
    }
}
