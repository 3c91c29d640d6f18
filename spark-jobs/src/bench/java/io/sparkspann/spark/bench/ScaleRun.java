package io.sparkspann.spark.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/**
 * A build and a join of one size: the JSON that {@code bench scale} writes and {@code bench rates}
 * reads.
 *
 * @param data what the vectors are
 * @param date when it ended
 * @param cores of the only JVM
 * @param heapBytes of it
 * @param index what was built
 * @param build the build
 * @param join the join
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ScaleRun(
        Data data, String date, int cores, long heapBytes, Index index, Process build, Join join) {
    /**
     * The vectors.
     *
     * @param file that they were grown from
     */
    record Data(String file, long vectors, int dimensions, String type) {}

    /**
     * The index.
     *
     * @param shardsWished option of the build, 0 for none
     * @param leastBytes the vectors and ids alone
     */
    record Index(
            int shardsWished,
            int shards,
            long heads,
            double replicas,
            long bytes,
            long leastBytes) {}

    /**
     * A process.
     *
     * @param seconds by its own account
     * @param wallSeconds from start to end of the JVM
     * @param peakBytes most memory that was resident
     * @param writtenBytes what it left on the disk
     */
    record Process(
            double seconds,
            double wallSeconds,
            long peakBytes,
            long writtenBytes,
            Map<String, Double> stageSeconds,
            Map<String, StageRun> stages) {
        double cpuSeconds() {
            return stages.values().stream().mapToDouble(StageRun::cpuSeconds).sum();
        }

        long shuffleWritten() {
            return stages.values().stream().mapToLong(StageRun::shuffleWritten).sum();
        }

        long shuffleRead() {
            return stages.values().stream().mapToLong(StageRun::shuffleRead).sum();
        }
    }

    /**
     * The join.
     *
     * @param recall of the sample with exact truth
     * @param probes postings of a query, mean
     * @param distances records of a query, mean
     */
    record Join(
            Process process,
            long queries,
            int k,
            double recallTarget,
            double recall,
            double probes,
            double distances,
            long postingBytesRead) {}
}
