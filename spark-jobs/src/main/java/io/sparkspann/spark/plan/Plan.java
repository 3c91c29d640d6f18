package io.sparkspann.spark.plan;

import io.sparkspann.error.InvalidInputException;
import java.util.List;

/**
 * A plan: what a build, and a join if there is one, come to on a cluster. Immutable.
 *
 * @param index the index
 * @param cluster where it is built
 * @param build stages of the build
 * @param join stages of the join; null if none is planned
 * @param measured what all is extrapolated from
 */
public record Plan(
        IndexModel index,
        Cluster cluster,
        Job<BuildModel> build,
        Job<JoinModel> join,
        Measurements measured) {
    /**
     * A job.
     *
     * @param model what its stages cost
     * @param stages how long they take
     * @param memory whether they fit
     */
    public record Job<M>(M model, List<StageTime> stages, MemoryNeed memory) {
        public Job {
            stages = List.copyOf(stages);
        }

        /** Wall time. */
        public double seconds() {
            return stages.stream().mapToDouble(StageTime::wallSeconds).sum();
        }

        /** Processor time. */
        public double cpuSeconds() {
            return stages.stream().mapToDouble(StageTime::cpuSeconds).sum();
        }

        StageCost.Bytes bytes() {
            return stages.stream()
                    .map(stage -> stage.cost().bytes())
                    .reduce(StageCost.Bytes.NONE, StageCost.Bytes::plus);
        }
    }

    /**
     * @param join null if none is planned
     * @throws InvalidInputException if there can be no such index
     */
    public static Plan of(
            IndexModel index, Cluster cluster, TargetJoin join, Measurements measured) {
        BuildModel build =
                new BuildModel(index, measured, cluster.slots(), cluster.taskHeapBytes());
        Job<BuildModel> buildJob = job(build, build.stages(), index, cluster, 0, measured);
        if (join == null) {
            return new Plan(index, cluster, buildJob, null, measured);
        }
        JoinModel model = new JoinModel(index, join, measured, cluster);
        double shared = model.treeBytes() + index.routerMemory();
        Job<JoinModel> joinJob = job(model, model.stages(), index, cluster, shared, measured);
        return new Plan(index, cluster, buildJob, joinJob, measured);
    }

    private static <M> Job<M> job(
            M model,
            List<StageCost> stages,
            IndexModel index,
            Cluster cluster,
            double shared,
            Measurements measured) {
        List<StageTime> times =
                stages.stream()
                        .map(stage -> StageTime.of(stage, cluster, measured, index.dimensions()))
                        .toList();
        double jvm = measured.count("jvm-bytes").at(1, 1);
        return new Job<>(model, times, MemoryNeed.of(stages, cluster, jvm + shared));
    }
}
