package io.sparkspann.search;

/**
 * Which postings searches read, and what they may find there.
 *
 * @param policy how many postings a query reads
 * @param allowed vectors that may be found; the fewer heads are among them, the more postings are
 *     read
 */
public record Probing(ProbePolicy policy, AllowList allowed) {
    /** Whatever is near is found. */
    public static Probing all(ProbePolicy policy) {
        return new Probing(policy, AllowList.ALL);
    }

    /**
     * Postings that a query reads, about, at most.
     *
     * @param heads of the index
     */
    double postings(int k, int heads) {
        if (allowed.isAll()) {
            return policy.maxProbes();
        }
        double share = (double) allowed.headCount() / heads;
        double least = ProbePolicy.leastHeads(k, allowed.count(), allowed.headCount());
        return policy.filteredProbes(share, least, heads);
    }
}
