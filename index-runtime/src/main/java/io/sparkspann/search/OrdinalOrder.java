package io.sparkspann.search;

/** Orders vectors that are equally near: by their external ids. */
@FunctionalInterface
public interface OrdinalOrder {
    /** Negative if the first comes first. */
    int compare(long firstOrdinal, long secondOrdinal);
}
