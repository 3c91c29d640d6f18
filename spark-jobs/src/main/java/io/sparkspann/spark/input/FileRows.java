package io.sparkspann.spark.input;

import io.sparkspann.vector.VectorBlock;
import java.io.Closeable;
import java.util.Arrays;

/** Consecutive rows of a vector file. For one thread. */
interface FileRows extends Closeable {
    /**
     * Some rows that could be decoded.
     *
     * @param block their vectors
     * @param numbers their row numbers in the file, ascending
     * @param first number of the first row that was looked at
     * @param end number of the row after the last that was looked at
     */
    record Rows(VectorBlock block, long[] numbers, long first, long end) {
        /** Rows without a gap. */
        static Rows dense(VectorBlock block, long first) {
            long[] numbers = new long[block.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = first + i;
            }
            return new Rows(block, numbers, first, first + numbers.length);
        }

        /** The first {@code size} of {@code block} and {@code numbers}. */
        static Rows partial(VectorBlock block, long[] numbers, int size, long first, long end) {
            return new Rows(block.slice(0, size), Arrays.copyOf(numbers, size), first, end);
        }
    }

    /**
     * Looks at the next rows, at most {@code maxRows}; null at the end.
     *
     * @throws io.sparkspann.error.InvalidInputException for a row that cannot be decoded, if such
     *     rows are not to be skipped
     */
    Rows next(int maxRows);

    @Override
    void close();
}
