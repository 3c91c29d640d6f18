package io.sparkspann.posting;

/**
 * Consecutive postings {@code [from, to)} that are read in one piece.
 *
 * @param offset where their bytes go in the buffer
 */
public record PostingRun(int from, int to, int offset) {}
