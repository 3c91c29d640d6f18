package io.sparkspann.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/**
 * The neighbours of one query, one after another, until all vectors that may be found have come,
 * each once.
 *
 * <pre>{@code
 * NeighborIterator near = index.iterate(query, SearchOptions.ofRecall(10, 0.95));
 * while (near.next() && near.distance() < 0.4f) {
 *     System.out.println(near.idText() + " " + near.distance());
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Postings are read in rounds. The first round reads those that a search with the
 * same options reads, so the first k neighbours are its result. Each further round is read before
 * neighbour {@code k, 2 k, 4 k, ...} is passed, or when no neighbour is left, and reads also what a
 * search for twice the neighbours would read: a recall target holds for the first {@code n} however
 * far the caller goes, and a number of probes grows with the power 3/4 of the neighbours. What
 * comes next is always the nearest of all that was read and has not come yet, equals by id. So
 * distances ascend, unless a round finds a vector that is nearer than one that has come: such a
 * vector comes at once. Between two rounds they always ascend. The sequence depends on nothing but
 * index, query, options and filter. Where vectors that pass a filter are few, they are compared
 * with the query all at once, and the order is exact.
 *
 * <p>A round reads the postings of those before it again, from memory or storage, so that all
 * rounds together cost two or three times the last. Memory: at most 50 bytes for each neighbour
 * that has come or may come before the next round, and a bit for each head. The last round, when
 * half of the postings were read, reads all, and keeps all that have not come yet.
 *
 * <p>Not thread-safe. It holds no files open, so it needs no closing, but the index must be open.
 */
public final class NeighborIterator {
    /** Rounds after which everything is read. */
    private static final int MOST_ROUNDS = 30;

    private final SpannIndex index;
    private final QueryRows query;
    private final SearchPlan plan;
    private final double recallTarget;
    private final NeighborHeap found;
    private final RoaringBitmap come = new RoaringBitmap();
    private final BitSet read = new BitSet();
    private final ScanStats stats = new ScanStats();
    private int round;
    private boolean complete;
    private long count;
    private boolean isAtNeighbor;
    private long ordinal;
    private float key;

    /**
     * @param recallTarget NaN if postings go by a number of probes
     */
    NeighborIterator(SpannIndex index, QueryRows query, SearchPlan plan, double recallTarget) {
        this.recallTarget = recallTarget;
        this.index = index;
        this.query = query;
        this.plan = plan;
        this.found = new NeighborHeap(index.ids()::compare);
    }

    /**
     * Goes to the next neighbour; reads postings if it must.
     *
     * @return false if there are no more
     * @throws IllegalStateException if the index was closed
     */
    public boolean next() {
        index.requireOpen();
        while (!complete && (found.size() == 0 || count >= due())) {
            readRound();
        }
        isAtNeighbor = found.size() > 0;
        if (isAtNeighbor) {
            ordinal = found.firstOrdinal();
            key = found.firstKey();
            found.pop();
            come.add((int) ordinal);
            count++;
        }
        return isAtNeighbor;
    }

    /** Id of the neighbour, for numeric ids. */
    public long id() {
        requireNeighbor();
        int shard = index.ids().shardOf(ordinal);
        return index.ids().ofShard(shard).number(index.ids().position(shard, ordinal));
    }

    /** Id of the neighbour as text. */
    public String idText() {
        requireNeighbor();
        int shard = index.ids().shardOf(ordinal);
        return index.ids().ofShard(shard).text(index.ids().position(shard, ordinal));
    }

    /** Distance or similarity of the neighbour, as the metric defines it. */
    public float distance() {
        requireNeighbor();
        return query.space().reported(key);
    }

    /** How many neighbours have come. */
    public long count() {
        return count;
    }

    /** What reading has cost so far, as one query. */
    public ScanStats stats() {
        return stats;
    }

    private void requireNeighbor() {
        if (!isAtNeighbor) {
            throw new NoSuchElementException("The iterator is at no neighbour; call next first");
        }
    }

    /** Neighbours that may come before the next round. */
    private long due() {
        return round == 0 ? 0 : (long) plan.k() << (round - 1);
    }

    /** A round that fails changes nothing that matters: the next call reads it again. */
    private void readRound() {
        found.clear();
        if (round == 0) {
            readFirst();
        } else if (plan.gathered() != null) {
            GatheredVectors gathered = plan.gathered();
            for (int lane = 0; lane < gathered.size(); lane++) {
                if (!come.contains((int) gathered.ordinal(lane))) {
                    found.push(gathered.key(query, lane), gathered.ordinal(lane));
                }
            }
            stats.addDistances(gathered.size());
            complete = true;
        } else {
            readFurther();
        }
        round++;
    }

    /** Just what a search does. */
    private void readFirst() {
        SingleSearch search = index.takeSingle();
        TopK top = search.search(query, plan, stats);
        if (plan.gathered() == null) {
            for (int r = 0; r < search.heads().count(); r++) {
                read.set(search.heads().heads()[r]);
            }
        }
        index.giveBack(search);
        for (int r = 0; r < top.size(0); r++) {
            found.push(top.key(0, r), top.ordinal(0, r));
        }
    }

    private void readFurther() {
        int all = allHeads();
        boolean readsAll = round > MOST_ROUNDS || 2L * read.cardinality() >= all;
        SingleSearch search = index.takeSingle();
        int[] heads = readsAll ? IntStream.range(0, all).toArray() : further(search.heads(), all);
        long wanted = readsAll ? Long.MAX_VALUE : dueAfter() - count;
        NextNeighbors next = new NextNeighbors(wanted, come);
        AllowList allowed = plan.probing().allowed();
        search.score(query, heads, heads.length, allowed, new SingleSearch.Scored(next, stats));
        index.giveBack(search);
        stats.addQueries(0, heads.length);
        next.moveTo(found);
        complete = readsAll;
    }

    /** More heads than were read, nearest first, and all of those that were. */
    private int[] further(QueryHeads nearest, int all) {
        nearest.find(query, deeper(all), (int) Math.min(Integer.MAX_VALUE, dueAfter()));
        BitSet missed = (BitSet) read.clone();
        for (int r = 0; r < nearest.count(); r++) {
            missed.clear(nearest.heads()[r]);
            read.set(nearest.heads()[r]);
        }
        return IntStream.concat(Arrays.stream(nearest.heads(), 0, nearest.count()), missed.stream())
                .toArray();
    }

    private int allHeads() {
        return index.forest().firstHeads()[index.files().shards()];
    }

    /** Neighbours that may come before the round after this one. */
    private long dueAfter() {
        return (long) plan.k() << round;
    }

    /** What a search for all neighbours that may come after this round would read. */
    private Probing deeper(int all) {
        AllowList allowed = plan.probing().allowed();
        if (!Double.isNaN(recallTarget)) {
            int k = (int) Math.min(1 << 30, dueAfter());
            return new Probing(
                    ProbePolicy.forRecall(index.manifest().calibration(), recallTarget, k),
                    allowed);
        }
        double probes =
                allowed.isAll()
                        ? read.cardinality() * ProbePolicy.deeper(2)
                        : plan.probing().policy().maxProbes()
                                * ProbePolicy.deeper(Math.pow(2, round));
        int most = (int) Math.min(all, Math.ceil(probes));
        return new Probing(ProbePolicy.fixed(most, Double.POSITIVE_INFINITY), allowed);
    }
}
