package io.sparkspann.spark.plan;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.SearchOptions;

/**
 * The join to be planned.
 *
 * @param queries number of query vectors, of the index's type and dimensions
 * @param k neighbours of each
 * @param recallTarget recall to reach
 */
public record TargetJoin(long queries, int k, double recallTarget) {
    public TargetJoin {
        if (queries < 1) {
            throw new InvalidInputException("queries is " + queries + "; use 1 or more");
        }
        if (k < 1 || k > SearchOptions.MAX_K) {
            throw new InvalidInputException("k is " + k + "; use 1 to " + SearchOptions.MAX_K);
        }
        if (!(recallTarget > 0 && recallTarget < 1)) {
            throw new InvalidInputException(
                    "recall target is " + recallTarget + "; use a number above 0 and below 1");
        }
    }
}
