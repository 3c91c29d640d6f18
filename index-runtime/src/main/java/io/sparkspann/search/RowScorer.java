package io.sparkspann.search;

import io.sparkspann.distance.KernelProvider;
import io.sparkspann.distance.Kernels;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.distance.VerticalBlocks;
import io.sparkspann.posting.LoadedPosting;

/**
 * Scores a single query against postings in memory and offers what may enter to its list, scored
 * again exactly. One instance serves one thread.
 */
final class RowScorer {
    /** Blocks between two looks at the limit. */
    private static final int CHUNK_BLOCKS = 20;

    private final Kernels kernels = KernelProvider.kernels();
    private final VectorSpace space;
    private final VerticalBlocks wide;
    private final float[] scores = new float[CHUNK_BLOCKS * VerticalBlocks.LANES];
    private final int[] found = new int[scores.length];
    private final float[] scratch;
    private int touched;

    RowScorer(VectorSpace space) {
        this.space = space;
        this.wide = space.blocks();
        this.scratch = new float[space.dimensions()];
    }

    /**
     * Scores the only query of {@code query} against all records.
     *
     * @param allowed what is offered
     */
    void score(QueryRows query, LoadedPosting posting, AllowList allowed, Collector sink) {
        int blocks = VerticalBlocks.blocks(posting.size());
        for (int b = 0; b < blocks; b += CHUNK_BLOCKS) {
            int count = Math.min(CHUNK_BLOCKS, blocks - b);
            touched += posting.touch(b, count);
            posting.score(query.scored(), b, count, wide, scores);
            offer(query, posting, b, allowed, sink);
        }
    }

    /** Has a posting come from memory that will be scored soon. */
    void announce(LoadedPosting posting) {
        touched += posting.touch();
    }

    private void offer(
            QueryRows query,
            LoadedPosting posting,
            int firstBlock,
            AllowList allowed,
            Collector sink) {
        int blocks = Math.min(CHUNK_BLOCKS, VerticalBlocks.blocks(posting.size()) - firstBlock);
        int lanes = blocks * VerticalBlocks.LANES;
        float limit = space.scoreLimit(sink.limit(0), query.term(0), posting.maxSquaredNorm());
        int hits = kernels.atMost(scores, 0, lanes, limit, found);
        for (int h = 0; h < hits; h++) {
            int record = firstBlock * VerticalBlocks.LANES + found[h];
            if (record < posting.size() && allowed.contains(posting.ordinal(record))) {
                float key =
                        query.integers()
                                ? space.keyOfExactScore(scores[found[h]], query.term(0))
                                : posting.exactKey(query.rows(), record, scratch);
                sink.offer(0, key, posting.ordinal(record));
            }
        }
    }
}
