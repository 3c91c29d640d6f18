package io.sparkspann.search;

import io.sparkspann.cluster.Forest;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.IdBlock;
import io.sparkspann.vector.IdType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
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

    /** Whether a vector passes, by its position among a shard's own ids. */
    private interface Test {
        boolean at(IdBlock ids, int position);
    }

    /**
     * Vectors whose numeric ids satisfy a condition. It is evaluated once for each, unless the
     * filter is lazy.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allowIf(LongPredicate condition) {
        requireNumbers();
        return filter((ids, i) -> condition.test(ids.number(i)));
    }

    /** As {@link #allowIf}, for ids as text: strings, or numbers in decimal. */
    public Filter allowIfText(Predicate<String> condition) {
        return filter((ids, i) -> condition.test(ids.text(i)));
    }

    /**
     * Vectors whose ids are in a bitmap of 32-bit numbers, such as a {@code RoaringBitmap} or one
     * that is mapped into memory. They are taken as unsigned where ids are of type long, and as
     * signed where ids are of type int.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allow(ImmutableBitmapDataProvider bitmap) {
        return allowIf(membership(bitmap));
    }

    /** All vectors but those whose ids are in a bitmap, as for {@link #allow}. */
    public Filter deny(ImmutableBitmapDataProvider bitmap) {
        return allowIf(membership(bitmap).negate());
    }

    /**
     * Vectors whose ids are in a bitmap of 64-bit numbers, such as a {@code Roaring64Bitmap} or a
     * {@code Roaring64NavigableMap}.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allow(ImmutableLongBitmapDataProvider bitmap) {
        return allowIf(bitmap::contains);
    }

    /** All vectors but those whose ids are in a bitmap of 64-bit numbers. */
    public Filter deny(ImmutableLongBitmapDataProvider bitmap) {
        return allowIf(id -> !bitmap.contains(id));
    }

    /**
     * Vectors with the listed ids.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter allowIds(long... ids) {
        return allowIf(membership(ids));
    }

    /**
     * All vectors but those with the listed ids.
     *
     * @throws InvalidInputException if ids are strings
     */
    public Filter denyIds(long... ids) {
        return allowIf(membership(ids).negate());
    }

    /** Vectors with the listed ids, as text. */
    public Filter allowIds(Collection<String> ids) {
        return allowIfText(Set.copyOf(ids)::contains);
    }

    /** All vectors but those with the listed ids, as text. */
    public Filter denyIds(Collection<String> ids) {
        Set<String> denied = Set.copyOf(ids);
        return allowIfText(id -> !denied.contains(id));
    }

    private LongPredicate membership(ImmutableBitmapDataProvider bitmap) {
        return idType() == IdType.INT
                ? id -> bitmap.contains((int) id)
                : id -> id >>> Integer.SIZE == 0 && bitmap.contains((int) id);
    }

    private static LongPredicate membership(long[] ids) {
        long[] sorted = ids.clone();
        Arrays.sort(sorted);
        return id -> Arrays.binarySearch(sorted, id) >= 0;
    }

    private IdType idType() {
        return index.manifest().schema().idType();
    }

    private void requireNumbers() {
        if (idType() == IdType.STRING) {
            throw new InvalidInputException(
                    "The ids of the index are strings, not numbers; use allowIfText, or allowIds"
                            + " and denyIds with text");
        }
    }

    private Filter filter(Test test) {
        return Filter.of(index.manifest(), lazy ? condition(test) : bits(test));
    }

    private AllowList bits(Test test) {
        int shards = index.files().shards();
        long[] firstOrdinals = index.files().firstOrdinals();
        int[] firstHeads = index.forest().firstHeads();
        long[] vectors = new long[AllowList.words(firstOrdinals[shards])];
        long[] heads = new long[AllowList.words(firstHeads[shards])];
        for (int s = 0; s < shards; s++) {
            IdBlock ids = index.ids().ofShard(s);
            for (int i = 0; i < ids.size(); i++) {
                if (test.at(ids, i)) {
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

    private AllowList condition(Test test) {
        IndexIds ids = index.ids();
        LongPredicate vectors =
                ordinal -> {
                    int shard = ids.shardOf(ordinal);
                    return test.at(ids.ofShard(shard), ids.position(shard, ordinal));
                };
        Forest forest = index.forest();
        int[] firstHeads = forest.firstHeads();
        IntPredicate heads =
                head -> {
                    int shard = forest.shardOfHead(head);
                    int row = forest.tree(shard).headRows()[head - firstHeads[shard]];
                    return test.at(ids.ofShard(shard), row);
                };
        return new AllowCondition(vectors, heads, index.size(), firstHeads[firstHeads.length - 1]);
    }
}
