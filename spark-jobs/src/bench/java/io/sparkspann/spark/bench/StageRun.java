package io.sparkspann.spark.bench;

/**
 * What the tasks of a stage took, as Spark's event log has it.
 *
 * @param tasks that succeeded
 * @param cpuSeconds processor time of all tasks
 * @param runSeconds time of all tasks, waits included
 * @param largestSeconds processor time of the largest task
 * @param shuffleWritten bytes written to the shuffle
 * @param shuffleRead bytes read from the shuffle
 */
record StageRun(
        int tasks,
        double cpuSeconds,
        double runSeconds,
        double largestSeconds,
        long shuffleWritten,
        long shuffleRead) {
    static final StageRun NONE = new StageRun(0, 0, 0, 0, 0, 0);

    StageRun plus(StageRun other) {
        return new StageRun(
                tasks + other.tasks,
                cpuSeconds + other.cpuSeconds,
                runSeconds + other.runSeconds,
                Math.max(largestSeconds, other.largestSeconds),
                shuffleWritten + other.shuffleWritten,
                shuffleRead + other.shuffleRead);
    }
}
