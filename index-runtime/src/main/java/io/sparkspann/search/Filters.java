package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.IdBlock;
import java.util.Collection;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.roaringbitmap.ImmutableBitmapDataProvider;
import org.roaringbitmap.longlong.ImmutableLongBitmapDataProvider;

/**
 * Makes filters for an open index, each by one look at all its ids, unless {@link #lazy} ones are
 * asked for. Ids that the index does not have are of no consequence.
 *
 * <pre>{@code
 * Filter cheap = index.filters().allowIf(id -> price[(int) id] < 100);
 * Neighbors found = index.search(query, SearchOptions.ofRecall(10, 0.95), cheap);
 * }</pre>
 *
 * <p>Thread-safe as far as what it is given is.
 */
public final class Filters {
    private final SpannIndex index;
    private final boolean lazy;

    private Filters(SpannIndex index, boolean lazy) {
        this.index = index;
        this.lazy = lazy;
    }

    /** Filters that look at all ids once. */
    static Filters of(SpannIndex index) {
        return new Filters(index, false);
    }

    /**
     * The same for filters that look at an id only when a search meets its vector: for those that
     * serve one search or a few. A condition is then evaluated by the searching threads, again for
     * each replica of a vector, and must not change its mind. Such a filter does not know how many
     * vectors pass: where hardly any do, each search reads most of the index.
     */
    public Filters lazy() {
        return new Filters(index, true);
    }

    /** What every vector passes. */
    public Filter all() {
        return Filter.ALL;
    }

    /**
     * Vectors whose ids satisfy a condition.
     *
     * @throws InvalidInputException if it is about numbers, and ids are strings
     */
    public Filter filter(IdCondition condition) {
        condition.requireFor(index.manifest().schema().idType());
        return Filter.of(index.manifest(), lazy ? condition(condition) : bits(condition));
    }

    /**
     * Vectors whose numeric ids satisfy a condition. It is evaluated once for each, unless the
     * filter is lazy.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allowIf(LongPredicate condition) {
        return filter(IdCondition.ofNumbers(condition));
    }

    /** As {@link #allowIf}, for ids as text: strings, or numbers in decimal. */
    public Filter allowIfText(Predicate<String> condition) {
        return filter(IdCondition.ofText(condition));
    }

    /**
     * Vectors whose ids are in a bitmap of 32-bit numbers, such as a {@code RoaringBitmap} or one
     * that is mapped into memory. They are taken as unsigned where ids are of type long, and as
     * signed where ids are of type int.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allow(ImmutableBitmapDataProvider bitmap) {
        return filter(IdCondition.allow(bitmap));
    }

    /** All vectors but those whose ids are in a bitmap, as for {@link #allow}. */
    public Filter deny(ImmutableBitmapDataProvider bitmap) {
        return filter(IdCondition.deny(bitmap));
    }

    /**
     * Vectors whose ids are in a bitmap of 64-bit numbers, such as a {@code Roaring64Bitmap} or a
     * {@code Roaring64NavigableMap}.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allow(ImmutableLongBitmapDataProvider bitmap) {
        return filter(IdCondition.allow(bitmap));
    }

    /** All vectors but those whose ids are in a bitmap of 64-bit numbers. */
    public Filter deny(ImmutableLongBitmapDataProvider bitmap) {
        return filter(IdCondition.deny(bitmap));
    }

    /**
     * Vectors with the listed ids.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allowIds(long... ids) {
        return filter(IdCondition.allowIds(ids));
    }

    /**
     * All vectors but those with the listed ids.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter denyIds(long... ids) {
        return filter(IdCondition.denyIds(ids));
    }

    /** Vectors with the listed ids, as text. */
    public Filter allowIds(Collection<String> ids) {
        return filter(IdCondition.allowIds(ids));
    }

    /** All vectors but those with the listed ids, as text. */
    public Filter denyIds(Collection<String> ids) {
        return filter(IdCondition.denyIds(ids));
    }

    private AllowList bits(IdCondition wanted) {
        int shards = index.files().shards();
        long[] firstOrdinals = index.files().firstOrdinals();
        int[] firstHeads = index.forest().firstHeads();
        long[] vectors = new long[AllowList.words(firstOrdinals[shards])];
        long[] heads = new long[AllowList.words(firstHeads[shards])];
        for (int s = 0; s < shards; s++) {
            IdBlock ids = index.ids().ofShard(s);
            for (int i = 0; i < ids.size(); i++) {
                if (wanted.test(ids, i)) {
                    long ordinal = firstOrdinals[s] + i;
                    vectors[(int) (ordinal >>> 6)] |= 1L << ordinal;
                }
            }
            int[] rows = index.forest().tree(s).headRows();
            for (int h = 0; h < rows.length; h++) {
                long ordinal = firstOrdinals[s] + rows[h];
                long bit = vectors[(int) (ordinal >>> 6)] >>> ordinal & 1;
                heads[firstHeads[s] + h >>> 6] |= bit << (firstHeads[s] + h);
            }
        }
        return AllowList.of(vectors, heads);
    }

    private AllowList condition(IdCondition wanted) {
        IndexIds ids = index.ids();
        LongPredicate vectors =
                ordinal -> {
                    int shard = ids.shardOf(ordinal);
                    return wanted.test(ids.ofShard(shard), ids.position(shard, ordinal));
                };
        Forest forest = index.forest();
        int[] firstHeads = forest.firstHeads();
        IntPredicate heads =
                head -> {
                    int shard = forest.shardOfHead(head);
                    int row = forest.tree(shard).headRows()[head - firstHeads[shard]];
                    return wanted.test(ids.ofShard(shard), row);
                };
        return new AllowCondition(vectors, heads, index.size(), firstHeads[firstHeads.length - 1]);
    }
}
