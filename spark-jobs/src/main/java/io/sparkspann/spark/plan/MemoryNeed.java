package io.sparkspann.spark.plan;

import java.util.List;

/**
 * Memory of an executor, and whether it suffices.
 *
 * @param executorBytes heap of an executor while all its cores have tasks of the largest stage
 * @param taskBytes of that for each task
 * @param sharedBytes of that for all tasks together
 * @param stage name of that stage
 * @param fitting cores of an executor of the given memory for which it suffices, 0 if none do
 * @param suffices whether the given memory is enough
 */
public record MemoryNeed(
        double executorBytes,
        double taskBytes,
        double sharedBytes,
        String stage,
        int fitting,
        boolean suffices) {
    static MemoryNeed of(List<StageCost> stages, Cluster cluster, double shared) {
        double most = 0;
        double task = 0;
        String name = "";
        int fitting = cluster.cores();
        for (StageCost stage : stages) {
            int together = (stage.tasks() + cluster.executors() - 1) / cluster.executors();
            int tasks = Math.min(cluster.cores(), together);
            double need = shared + tasks * stage.taskMemory();
            if (need > most) {
                most = need;
                task = stage.taskMemory();
                name = stage.name();
            }
            double room = cluster.memoryBytes() - shared;
            if (tasks * stage.taskMemory() > room) {
                fitting = Math.min(fitting, (int) Math.max(0, room / stage.taskMemory()));
            }
        }
        boolean suffices = most <= cluster.memoryBytes();
        return new MemoryNeed(most, task, shared, name, fitting, suffices);
    }
}
