package io.sparkspann.build;

import io.sparkspann.error.InvalidInputException;

/** What of a shard has to fit one array. */
final class ArrayLimit {
    private static final int MOST = Integer.MAX_VALUE - 8;

    private ArrayLimit() {}

    /**
     * @param length elements of an array
     * @throws InvalidInputException if no array has so many: near equal vectors crowd in one shard
     */
    static int check(long length) {
        if (length > MOST) {
            throw new InvalidInputException(
                    "A shard needs an array of "
                            + length
                            + " elements, more than "
                            + MOST
                            + "; use more shards, and check the table for vectors that occur very"
                            + " often");
        }
        return (int) length;
    }
}
