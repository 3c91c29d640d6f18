package io.sparkspann.search;

import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;

/** What it costs to find the nearest among some vectors of an index, in two ways. */
public final class AllowedCost {
    /** What a posting costs a query, in distances: being chosen, and lanes that are not full. */
    private static final double POSTING_DISTANCES = 20;

    private static final double LEAST_LANES = 16;

    private AllowedCost() {}

    /**
     * Whether comparing a query with all vectors that may be found is less work than looking for
     * the nearest of them in postings.
     *
     * @param count how many vectors may be found
     */
    public static boolean scanIsLess(Manifest manifest, long count, int k, ProbePolicy policy) {
        long heads = manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
        long records = manifest.shards().stream().mapToLong(ShardEntry::records).sum();
        double share = (double) count / manifest.vectors();
        double least = ProbePolicy.leastHeads(k, manifest.vectors(), heads);
        double postings = policy.filteredProbes(share, least, heads);
        double lanes = Math.max(LEAST_LANES, share * records / heads);
        return count <= postings * (POSTING_DISTANCES + lanes);
    }
}
