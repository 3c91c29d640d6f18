package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.posting.PostingFile;
import java.util.function.IntFunction;

/**
 * Searches for a chunk of queries together: finds their heads, and scores each posting that any of
 * them wants against all that do. One thread.
 */
public final class ChunkSearch {
    private final Forest forest;
    private final VectorSpace space;
    private final long[] firstOrdinals;
    private final IntFunction<PostingFile> postings;
    private final OrdinalOrder order;
    private final ScanStats cost;

    /**
     * @param postings the postings of a shard; asked for once by a search, shard after shard, and
     *     not used after the next is
     * @param order of vectors that are equally near
     * @param cost receives what the searches cost
     */
    public ChunkSearch(
            IndexFiles files,
            Forest forest,
            IntFunction<PostingFile> postings,
            OrdinalOrder order,
            ScanStats cost) {
        this.forest = forest;
        this.space = files.space();
        this.firstOrdinals = files.firstOrdinals();
        this.postings = postings;
        this.order = order;
        this.cost = cost;
    }

    /**
     * Finds the nearest vectors of queries {@code [from, to)}.
     *
     * @param to at most {@link HeadChoice#mostQueries} after {@code from}
     * @param top receives their lists in place of what it has
     */
    public void search(QueryRows queries, int from, int to, Probing probing, TopK top) {
        int next = from;
        while (next < to) {
            HeadChoice choice = HeadChoice.of(forest, queries, next, to, probing, top.k());
            search(queries, choice, probing.allowed(), top);
            next += choice.order().length;
        }
    }

    private void search(QueryRows queries, HeadChoice choice, AllowList allowed, TopK top) {
        int size = choice.order().length;
        QueryRows ordered = queries.gather(choice.order());
        TopK lists = new TopK(size, top.k(), order);
        for (int i = 0; i < size; i++) {
            lists.bound(i, choice.bound(i));
        }
        NearHeads near = new NearHeads(ordered, allowed);
        cost.addQueries(size, choice.pairs());
        for (int s = 0; s < firstOrdinals.length - 1; s++) {
            PostingQueries wanted = choice.wanted(s);
            if (wanted != null) {
                choice.offerHeads(s, near, forest.tree(s), firstOrdinals[s], lists);
                new PostingScanner(space, postings.apply(s), allowed, cost)
                        .scan(ordered, wanted, lists);
            }
        }
        top.take(lists, choice.order());
    }
}
