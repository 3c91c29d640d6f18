package io.sparkspann.spark.input;

/** What happens to a row that cannot be used: a null, a wrong dimension, a NaN. */
public enum BadRows {
    /** The first such row fails the job, with an error that names it. */
    FAIL,
    /** Such rows are left out and counted. */
    SKIP
}
