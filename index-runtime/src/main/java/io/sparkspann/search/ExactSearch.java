package io.sparkspann.search;

import io.sparkspann.cluster.BoundedDescent;
import io.sparkspann.cluster.CoveringRadii;
import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.PostingFile;
import java.util.Arrays;

/**
 * Compares queries with every vector of a shard that may be of interest, each at most once: leaves,
 * nodes and postings are left out whose distance from a query is greater than its reach and their
 * covering radius, which the triangle inequality allows. Bounds include rounding, so the result is
 * that of a comparison with every vector. Where they leave out little, which is usual in many
 * dimensions, the search becomes a scan by itself. One thread.
 *
 * <p>The search goes through the shard once, in file order. Memory: a few million pairs of queries
 * and postings.
 */
public final class ExactSearch {
    /** Pairs of queries and postings that are gathered before the postings are read. */
    private static final int MOST_PAIRS = 1 << 20;

    private final Forest forest;
    private final QueryRows queries;
    private final VectorSpace space;
    private final AllowList allowed;
    private final ScanStats cost;
    private final BoundedDescent descent;
    private final int[] numbers;

    /**
     * @param queries those that are compared
     * @param allowed vectors that may be found
     * @param cost receives what the search costs
     */
    public ExactSearch(Forest forest, QueryRows queries, AllowList allowed, ScanStats cost) {
        this.forest = forest;
        this.queries = queries;
        this.space = queries.space();
        this.allowed = allowed;
        this.cost = cost;
        this.descent =
                new BoundedDescent(space.geometry(), queries.embedded(), queries.magnitudes());
        this.numbers = new int[queries.size()];
        Arrays.setAll(numbers, i -> i);
    }

    /** The covering radii of a shard. */
    public static CoveringRadii radii(Forest forest, int shard, PostingFile postings) {
        return CoveringRadii.of(
                forest.router(),
                shard,
                forest.tree(shard),
                head -> postings.directory().homeRadius(head));
    }

    /**
     * Searches a shard.
     *
     * @param radii see {@link #radii}
     * @param collector its limits say what is of interest; all of it is offered
     */
    public void search(int shard, CoveringRadii radii, PostingFile postings, Collector collector) {
        Pairs pairs = new Pairs(new PostingScanner(space, postings, allowed, cost), collector);
        long before = descent.distances();
        BoundedDescent.Reach reach =
                query -> space.trueDistanceWithin(collector.limit(query), queries.term(query));
        descent.search(forest, shard, radii, numbers, new BoundedDescent.Queries(reach, pairs));
        pairs.flush();
        cost.addDistances(descent.distances() - before);
    }

    /** Gathers which queries want which postings, and has them scanned. */
    private final class Pairs implements BoundedDescent.Sink {
        private final PostingScanner scanner;
        private final Collector collector;
        private int[] pairQueries = new int[1024];
        private int[] pairPostings = new int[1024];
        private int pairs;
        private int first;
        private int end;

        Pairs(PostingScanner scanner, Collector collector) {
            this.scanner = scanner;
            this.collector = collector;
        }

        @Override
        public void node(int firstHead, int heads) {
            if (pairs >= MOST_PAIRS) {
                flush();
            }
            first = pairs == 0 ? firstHead : first;
            end = firstHead + heads;
        }

        @Override
        public void accept(int query, int head) {
            if (pairs == pairQueries.length) {
                pairQueries = Arrays.copyOf(pairQueries, 2 * pairs);
                pairPostings = Arrays.copyOf(pairPostings, 2 * pairs);
            }
            pairQueries[pairs] = query;
            pairPostings[pairs++] = head - first;
        }

        void flush() {
            if (pairs > 0) {
                PostingQueries wanted =
                        PostingQueries.of(pairQueries, pairPostings, pairs, end - first);
                scanner.scanHome(queries, wanted.from(first), first, end, collector);
                pairs = 0;
            }
        }
    }
}
