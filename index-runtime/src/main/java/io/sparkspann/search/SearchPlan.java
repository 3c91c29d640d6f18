package io.sparkspann.search;

/**
 * How queries are answered.
 *
 * @param probing postings that are read, and what may be found there
 * @param gathered all vectors that may be found, where each query is compared with all; else null
 * @param k neighbours of each query, at least 1, at most as many as may be found
 */
record SearchPlan(Probing probing, GatheredVectors gathered, int k) {
    static SearchPlan of(SpannIndex index, SearchOptions options, Filter filter) {
        ProbePolicy policy = index.policy(options);
        int k = (int) Math.max(1, Math.min(options.k(), filter.most(index)));
        return new SearchPlan(
                new Probing(policy, filter.allowed(index)), filter.gathered(index, policy, k), k);
    }
}
