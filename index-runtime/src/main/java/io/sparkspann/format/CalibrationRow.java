package io.sparkspann.format;

import io.sparkspann.error.InvalidInputException;
import java.io.Serializable;

/**
 * What one setting of the search reached on the calibration queries.
 *
 * @param k neighbours asked for
 * @param fromDistance the row is about queries at least this far from their nearest head (embedded
 *     distance), up to the next such bound of the same {@code k}: far queries need more probes
 * @param probes most postings read for a query
 * @param epsilon pruning by distance to the nearest head, 0 or more, infinity for none
 * @param recall mean recall@k, 0 to 1
 * @param meanPostings postings read for a query, mean
 * @param meanRecords records scored for a query, mean
 */
public record CalibrationRow(
        int k,
        double fromDistance,
        int probes,
        double epsilon,
        double recall,
        double meanPostings,
        double meanRecords)
        implements Serializable {
    public CalibrationRow {
        require(k >= 1, "k", k);
        require(fromDistance >= 0 && Double.isFinite(fromDistance), "fromDistance", fromDistance);
        require(probes >= 1, "probes", probes);
        require(epsilon >= 0, "epsilon", epsilon);
        require(recall >= 0 && recall <= 1, "recall", recall);
        require(meanPostings >= 0 && Double.isFinite(meanPostings), "meanPostings", meanPostings);
        require(meanRecords >= 0 && Double.isFinite(meanRecords), "meanRecords", meanRecords);
    }

    private static void require(boolean condition, String field, double value) {
        if (!condition) {
            throw new InvalidInputException(
                    "Calibration " + field + " " + value + " is out of range");
        }
    }
}
