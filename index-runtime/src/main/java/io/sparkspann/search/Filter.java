package io.sparkspann.search;

import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;

/**
 * Vectors of an open index that searches may find. It is made once by {@link SpannIndex#filters},
 * serves any number of searches of that snapshot, and never changes. Thread-safe.
 *
 * <p>A search reads the more postings, the fewer of the vectors around its query pass, so that a
 * recall target holds among those that do. Where so few vectors pass that comparing a query with
 * all of them is less work than looking for the nearest, the first search reads the whole index
 * once and keeps their vectors; from then on results are exact and need no reads.
 *
 * <p>Memory: a bit for each vector of the index, and up to 64 MiB for vectors that are kept; a lazy
 * filter takes none and keeps none.
 */
public final class Filter {
    /** Every vector passes. */
    static final Filter ALL = new Filter(null, AllowList.ALL);

    private static final long MOST_GATHERED_BYTES = 64L << 20;

    private final Manifest manifest;
    private final AllowList allowed;
    private volatile GatheredVectors gathered;

    private Filter(Manifest manifest, AllowList allowed) {
        this.manifest = manifest;
        this.allowed = allowed;
    }

    /**
     * @param manifest of the snapshot that the list is for
     */
    static Filter of(Manifest manifest, AllowList allowed) {
        return new Filter(manifest, allowed);
    }

    /** How many vectors pass; -1 for one that passes all and for a lazy one, which do not know. */
    public long count() {
        return allowed.isCounted() ? allowed.count() : -1;
    }

    /**
     * What passes both filters.
     *
     * @throws InvalidInputException if they are for different indexes
     */
    public Filter and(Filter other) {
        if (allowed.isAll() || other.allowed.isAll()) {
            return allowed.isAll() ? other : this;
        }
        requireSame(other.manifest);
        return new Filter(manifest, allowed.and(other.allowed));
    }

    /**
     * The vectors that pass.
     *
     * @throws InvalidInputException if the filter is for another index
     */
    AllowList allowed(SpannIndex index) {
        if (!allowed.isAll()) {
            requireSame(index.manifest());
        }
        return allowed;
    }

    /** Most neighbours that a query can have. */
    long most(SpannIndex index) {
        return allowed.isAll() ? index.size() : allowed.count();
    }

    /**
     * The vectors that pass, if comparing each query with all of them is less work than a search.
     *
     * @return null if it is not
     */
    GatheredVectors gathered(SpannIndex index, ProbePolicy policy, int k) {
        if (!allowed.isCounted()) {
            return null;
        }
        long count = allowed.count();
        if (GatheredVectors.bytes(index.files().space(), count) > MOST_GATHERED_BYTES
                || !AllowedCost.scanIsLessAlone(manifest, count, k, policy)) {
            return null;
        }
        if (gathered == null) {
            gather(index);
        }
        return gathered;
    }

    private synchronized void gather(SpannIndex index) {
        if (gathered == null) {
            gathered = GatheredVectors.of(index, allowed);
        }
    }

    private void requireSame(Manifest other) {
        if (!manifest.contentId().equals(other.contentId())
                || manifest.snapshot() != other.snapshot()) {
            throw new InvalidInputException(
                    "The filter is for snapshot "
                            + manifest.snapshot()
                            + " of content "
                            + manifest.contentId()
                            + ", the index has snapshot "
                            + other.snapshot()
                            + " of content "
                            + other.contentId()
                            + "; make the filter from the open index");
        }
    }

    @Override
    public String toString() {
        if (allowed.isAll()) {
            return "all vectors";
        }
        return allowed.isCounted() ? allowed.count() + " vectors" : "a condition";
    }
}
