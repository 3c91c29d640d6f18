package io.sparkspann.search;

/** Which postings of a shard are read, and for which queries. */
public interface WantedPostings {
    boolean isWanted(int posting);

    /** The queries that want a posting. */
    TileScorer.Numbers queries(int posting);

    /** Every posting for each of the given queries. */
    static WantedPostings all(int[] numbers) {
        TileScorer.Numbers all = new TileScorer.Numbers(numbers, 0, numbers.length);
        return new WantedPostings() {
            @Override
            public boolean isWanted(int posting) {
                return true;
            }

            @Override
            public TileScorer.Numbers queries(int posting) {
                return all;
            }
        };
    }
}
