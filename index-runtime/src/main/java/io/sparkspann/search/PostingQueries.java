package io.sparkspann.search;

/**
 * Which queries want which postings of a shard: for each posting a run of query numbers. Immutable.
 *
 * @param starts {@code postings + 1} ascending positions in {@code queries}
 * @param queries query numbers, ascending within a run
 */
public record PostingQueries(int[] starts, int[] queries) implements WantedPostings {
    /**
     * Turns pairs around.
     *
     * @param pairQueries query of each pair, ascending
     * @param pairPostings posting of each pair, as many
     * @param pairs number of pairs
     */
    public static PostingQueries of(
            int[] pairQueries, int[] pairPostings, int pairs, int postings) {
        int[] next = new int[postings + 1];
        for (int i = 0; i < pairs; i++) {
            next[pairPostings[i] + 1]++;
        }
        for (int p = 0; p < postings; p++) {
            next[p + 1] += next[p];
        }
        int[] starts = next.clone();
        int[] queries = new int[pairs];
        for (int i = 0; i < pairs; i++) {
            queries[next[pairPostings[i]]++] = pairQueries[i];
        }
        return new PostingQueries(starts, queries);
    }

    @Override
    public boolean isWanted(int posting) {
        return starts[posting + 1] > starts[posting];
    }

    @Override
    public TileScorer.Numbers queries(int posting) {
        return new TileScorer.Numbers(queries, starts[posting], starts[posting + 1]);
    }

    /** The same for postings that are numbered from {@code first} on. */
    WantedPostings from(int first) {
        PostingQueries all = this;
        return new WantedPostings() {
            @Override
            public boolean isWanted(int posting) {
                return all.isWanted(posting - first);
            }

            @Override
            public TileScorer.Numbers queries(int posting) {
                return all.queries(posting - first);
            }
        };
    }
}
