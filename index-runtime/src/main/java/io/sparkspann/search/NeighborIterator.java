package io.sparkspann.search;

import io.sparkspann.posting.LoadedPosting;
import java.util.Arrays;
import java.util.BitSet;
import java.util.NoSuchElementException;
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
 * same options reads, so the first k neighbours are its result. Each further round reads at least
 * as many again, the next nearest ones, and is read before neighbour {@code k, 2 k, 4 k, ...} is
 * passed, or when no neighbour is left: neighbour number {@code n} comes only after the postings in
 * which a search for {@code n} neighbours would have looked. What comes next is always the nearest
 * of all that was read and has not come yet, equals by id. So distances ascend, unless a round
 * finds a vector that is nearer than one that has come: such a vector comes at once. Between two
 * rounds they always ascend. The sequence depends on nothing but index, query, options and filter.
 * Where vectors that pass a filter are few, they are compared with the query all at once, and the
 * order is exact.
 *
 * <p>Memory: 8 bytes for each vector that was read and has not come yet, a compressed bitmap of all
 * that were read (at most about 2 bytes each), a bit for each head. The last round reads all that
 * the others have left, which is half of the index or less.
 *
 * <p>Not thread-safe. It holds no files open, so it needs no closing, but the index must be open.
 */
public final class NeighborIterator {
    /** Rounds after which everything is read. */
    private static final int MOST_ROUNDS = 30;

    private final SpannIndex index;
    private final QueryRows query;
    private final SearchPlan plan;
    private final NeighborHeap found;
    private final RoaringBitmap seen = new RoaringBitmap();
    private final BitSet read = new BitSet();
    private final ScanStats stats = new ScanStats();
    private final float[] scratch;
    private int round;
    private boolean complete;
    private long count;
    private boolean isAtNeighbor;
    private long ordinal;
    private float key;

    NeighborIterator(SpannIndex index, QueryRows query, SearchPlan plan) {
        this.index = index;
        this.query = query;
        this.plan = plan;
        this.found = new NeighborHeap(index.ids()::compare);
        this.scratch = new float[query.space().dimensions()];
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
        if (plan.gathered() != null) {
            for (int lane = 0; lane < plan.gathered().size(); lane++) {
                found.push(plan.gathered().key(query, lane), plan.gathered().ordinal(lane));
            }
            stats.addQueries(1, 0);
            stats.addDistances(plan.gathered().size());
            complete = true;
            return;
        }
        SingleSearch search = index.takeSingle();
        int[] heads = unread(search);
        if (round == 0) {
            takeHeads(search.heads());
        }
        search.visit(heads, heads.length, stats, this::take);
        index.giveBack(search);
        for (int head : heads) {
            read.set(head);
        }
        stats.addQueries(round == 0 ? 1 : 0, heads.length);
        round++;
        complete = read.cardinality() == allHeads();
    }

    private int allHeads() {
        return index.forest().firstHeads()[index.files().shards()];
    }

    /** The heads of this round, nearest first, or all that are left in the order of storage. */
    private int[] unread(SingleSearch search) {
        int all = allHeads();
        int done = read.cardinality();
        if (round > MOST_ROUNDS || round > 0 && 2L * done >= all) {
            int[] rest = new int[all - done];
            int head = -1;
            for (int i = 0; i < rest.length; i++) {
                head = read.nextClearBit(head + 1);
                rest[i] = head;
            }
            return rest;
        }
        QueryHeads nearest = search.heads();
        nearest.find(query, probing(done, all), (int) Math.min(Integer.MAX_VALUE, deeper()));
        int count = 0;
        int[] heads = new int[nearest.count()];
        for (int r = 0; r < nearest.count(); r++) {
            if (!read.get(nearest.heads()[r])) {
                heads[count++] = nearest.heads()[r];
            }
        }
        return Arrays.copyOf(heads, count);
    }

    /** Neighbours that this round is to find. */
    private long deeper() {
        return (long) plan.k() << round;
    }

    private Probing probing(int done, int all) {
        if (round == 0) {
            return plan.probing();
        }
        AllowList allowed = plan.probing().allowed();
        long probes =
                allowed.isAll() ? 2L * done : (long) plan.probing().policy().maxProbes() << round;
        int most = (int) Math.max(1, Math.min(all, probes));
        return new Probing(ProbePolicy.fixed(most, Double.POSITIVE_INFINITY), allowed);
    }

    /**
     * Keeps the heads that a search begins with. One whose vector is there many times may be in
     * none of the postings that are read.
     */
    private void takeHeads(QueryHeads heads) {
        TopK nearest = new TopK(1, plan.k(), index.ids()::compare);
        heads.offer(query, plan.probing().allowed(), nearest);
        for (int r = 0; r < nearest.size(0); r++) {
            if (seen.checkedAdd((int) nearest.ordinal(0, r))) {
                found.push(nearest.key(0, r), nearest.ordinal(0, r));
            }
        }
    }

    /** Keeps what was not seen before. */
    private void take(LoadedPosting posting) {
        AllowList allowed = plan.probing().allowed();
        int scored = 0;
        for (int record = 0; record < posting.size(); record++) {
            long each = posting.ordinal(record);
            if (allowed.contains(each) && seen.checkedAdd((int) each)) {
                found.push(posting.exactKey(query.rows(), record, scratch), each);
                scored++;
            }
        }
        stats.addDistances(scored);
    }
}
