package io.sparkspann.spark.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.sparkspann.distance.Metric;
import java.nio.file.Path;
import java.util.List;

/**
 * What is measured; travels to the JVM of each part as JSON.
 *
 * @param base fvecs or bvecs file of base vectors, ids are row numbers
 * @param queries file of held-out queries of the same format
 * @param truth ivecs file: ids of the true neighbours of the queries
 * @param metric {@code l2} or {@code cosine}
 * @param work folder for tables, indexes and results of parts
 * @param threads of every system
 * @param ks neighbours asked for; the first one gets the whole curve
 * @param joinQueries base vectors that are joined with the index
 * @param sliceQueries queries of the slice that NEAREST BY joins
 * @param sliceBase base vectors of that slice
 * @param heap heap of each part's JVM, such as {@code 6g}
 * @param hnswlib program that measures hnswlib, empty for none
 */
record Settings(
        String base,
        String queries,
        String truth,
        String metric,
        String work,
        int threads,
        List<Integer> ks,
        int joinQueries,
        int sliceQueries,
        int sliceBase,
        String heap,
        String hnswlib) {
    /** Neighbours of a base vector in the graphs of the peers; the bottom layer has twice that. */
    static final int M = 16;

    /** Candidates that the peers look at for each vector of a build. */
    static final int EF_CONSTRUCTION = 200;

    @JsonIgnore
    Metric metricValue() {
        return Metric.ofLabel(metric);
    }

    Path file(String name) {
        return Path.of(work, name);
    }

    Settings withFiles(Path newBase, Path newQueries, Path newTruth) {
        return new Settings(
                newBase.toString(),
                newQueries.toString(),
                newTruth.toString(),
                metric,
                work,
                threads,
                ks,
                joinQueries,
                sliceQueries,
                sliceBase,
                heap,
                hnswlib);
    }
}
