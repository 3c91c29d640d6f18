package io.sparkspann.spark.plan;

/**
 * How long a stage takes on a cluster.
 *
 * @param cost what it costs
 * @param cpuSeconds processor time of all tasks, JVMs that warm up included
 * @param waves how often all cores are given tasks
 * @param wallSeconds from its first to its last task
 */
public record StageTime(StageCost cost, double cpuSeconds, int waves, double wallSeconds) {
    /**
     * Requests to open a file and read a part of it, at least: header, tail, table, what the file
     * has for a directory, and the part.
     */
    private static final int REQUESTS = 5;

    static StageTime of(StageCost cost, Cluster cluster, Measurements measured, int dimensions) {
        int slots = cluster.slots();
        int tasks = cost.tasks();
        double work = cost.cpuSeconds(measured, dimensions);
        int jvms = Math.min(tasks, cluster.executors());
        double warmUp = measured.warmUp(cost.name());
        int waves = (tasks + slots - 1) / slots;
        double moved = cost.bytes().read() + cost.bytes().written() + 2 * cost.bytes().shuffled();
        double sharing = Math.min(cluster.cores(), Math.ceil((double) tasks / jvms));
        double coreRate = cluster.bytesPerSecond() / sharing;
        double task =
                (work
                                + moved / coreRate
                                + REQUESTS * cost.bytes().opened() * cluster.requestSeconds())
                        / tasks;
        // All waves are of mean tasks; the largest one may come last. Tasks of a JVM that run side
        // by
        // side share what it takes to warm up.
        double wall = waves * task + (cost.spread() - 1) * task + warmUp / sharing;
        return new StageTime(cost, work + jvms * warmUp, waves, wall);
    }
}
