package io.sparkspann.spark.jobs;

import io.sparkspann.error.StorageException;
import io.sparkspann.spark.error.Redaction;
import io.sparkspann.spark.error.SparkErrors;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Tells failures to write an output from failures to compute it: Spark computes rows while it
 * writes them and reports both alike.
 */
final class WriteErrors {
    /** Classes at work in an exception that arose while files were written, and only then. */
    private static final Pattern WRITER =
            Pattern.compile(
                    "org\\.apache\\.spark\\.sql\\..*\\.ParquetOutputWriter"
                            + "|org\\.apache\\..*(Committer|CommitProtocol)");

    private WriteErrors() {}

    /**
     * @param location of the output, for people
     * @return what to throw: the failure, or an error of one line if its root is an I/O error
     */
    static Exception explained(Exception failure, String location) {
        Throwable root = SparkErrors.root(failure);
        if (!(root instanceof IOException) || SparkErrors.unwrap(failure, "the join").isPresent()) {
            return failure;
        }
        boolean writing =
                Arrays.stream(root.getStackTrace())
                        .anyMatch(frame -> WRITER.matcher(frame.getClassName()).matches());
        boolean full = String.valueOf(root.getMessage()).contains("No space left");
        String problem = Redaction.redact(String.valueOf(root.getMessage()));
        if (writing) {
            String hint = full ? "; make room there, or use another folder" : "";
            return new StorageException(
                    location + ": cannot be written: " + problem + hint, failure);
        }
        String hint = full ? "; make room in spark.local.dir" : "";
        return new StorageException(
                "the join failed, nothing was written to "
                        + location
                        + ": "
                        + problem
                        + hint
                        + "; run again with --debug for the details",
                failure);
    }
}
