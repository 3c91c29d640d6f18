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
     * Whether comparing many queries with all vectors that may be found is less work than looking
     * for the nearest of them in postings, where of a posting that was read for many queries only
     * such vectors are scored.
     *
     * @param count how many vectors may be found
     */
    public static boolean scanIsLess(Manifest manifest, long count, int k, ProbePolicy policy) {
        double lanes = Math.max(LEAST_LANES, share(manifest, count) * recordsOfPosting(manifest));
        return count <= postings(manifest, count, k, policy) * (POSTING_DISTANCES + lanes);
    }

    /** As the other one, where each query has to come by all records of the postings. */
    static boolean scanIsLessAlone(Manifest manifest, long count, int k, ProbePolicy policy) {
        double lanes = Math.max(LEAST_LANES, recordsOfPosting(manifest));
        return count <= postings(manifest, count, k, policy) * (POSTING_DISTANCES + lanes);
    }

    private static double postings(Manifest manifest, long count, int k, ProbePolicy policy) {
        double least = ProbePolicy.leastHeads(k, manifest.vectors(), heads(manifest));
        return policy.filteredProbes(share(manifest, count), least, heads(manifest));
    }

    private static double share(Manifest manifest, long count) {
        return (double) count / manifest.vectors();
    }

    private static double recordsOfPosting(Manifest manifest) {
        long records = manifest.shards().stream().mapToLong(ShardEntry::records).sum();
        return (double) records / heads(manifest);
    }

    private static long heads(Manifest manifest) {
        return manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
    }
}
