package io.sparkspann.spark.error;

import io.sparkspann.error.SpannException;

/** Tasks of a job do not fit in the memory that they have. */
public final class NotEnoughMemoryException extends SpannException {
    private static final long serialVersionUID = 1L;

    /**
     * @param work what ran out of memory
     */
    NotEnoughMemoryException(String work, Throwable cause) {
        super(
                "not enough memory in "
                        + work
                        + ": the tasks that run in one JVM share its heap; give it more"
                        + " (SPARK_SPANN_HEAP=8g for a local master, --conf"
                        + " spark.executor.memory=8g on a cluster), or run fewer tasks in it"
                        + " (--master 'local[1]', --conf spark.executor.cores=1)",
                cause);
    }
}
