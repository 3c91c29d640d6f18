package io.sparkspann.cli;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.search.DistanceLookup;
import io.sparkspann.search.Neighbors;
import io.sparkspann.search.QueryRows;
import io.sparkspann.search.SpannIndex;
import io.sparkspann.vector.file.TrueNeighbors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The true neighbours of queries, and how many of them a search found. A neighbour counts if it is
 * among the first k of the truth, or as near as the k-th of them: of vectors that tie there, the
 * truth names some, and any is right.
 *
 * <p>The distance of the k-th true neighbour is known when the search found it too. For the queries
 * where it did not, that one vector is looked up: one pass over the postings for all of them, which
 * costs no more than reading the index.
 */
final class GroundTruth {
    /** Difference of distances, relative, that is taken for rounding of whoever made the truth. */
    private static final double TIE = 1e-6;

    private final TrueNeighbors truth;
    private final int k;
    private int unknown;

    private GroundTruth(TrueNeighbors truth, int k) {
        this.truth = truth;
        this.k = k;
    }

    /**
     * @param file name for messages
     * @throws InvalidInputException if the truth does not cover the queries or k
     */
    static GroundTruth of(String file, TrueNeighbors truth, int queries, int k) {
        if (truth.columns() < k) {
            throw new InvalidInputException(
                    file
                            + ": has "
                            + truth.columns()
                            + " neighbours of each query, but k is "
                            + k
                            + "; use --k "
                            + truth.columns()
                            + " or a longer ground truth");
        }
        if (truth.rows() < queries) {
            throw new InvalidInputException(
                    file
                            + ": has "
                            + truth.rows()
                            + " rows for "
                            + queries
                            + " queries; use the ground truth of these queries");
        }
        for (int q = 0; q < queries; q++) {
            for (int r = 0; r < k; r++) {
                if (truth.id(q, r) < 0) {
                    throw new InvalidInputException(
                            file
                                    + ": row "
                                    + q
                                    + ", column "
                                    + r
                                    + ": id "
                                    + truth.id(q, r)
                                    + " is negative; ids are row numbers from 0");
                }
            }
        }
        return new GroundTruth(truth, k);
    }

    /** Mean recall@k of what was found. */
    double recall(SpannIndex index, QueryRows queries, Neighbors found) {
        List<Integer> unsure = new ArrayList<>();
        long hits = 0;
        for (int q = 0; q < found.queries(); q++) {
            int byId = hits(found, q, Double.NEGATIVE_INFINITY, queries.space());
            int rank = rankOf(found, q, truth.id(q, k - 1));
            if (byId == found.count(q)) {
                hits += byId;
            } else if (rank >= 0) {
                float key = queries.space().key(found.distance(q, rank));
                hits += hits(found, q, key, queries.space());
            } else {
                unsure.add(q);
            }
        }
        hits += hitsOfUnsure(index, queries, found, unsure);
        return hits / ((double) k * found.queries());
    }

    /** Queries, known after {@link #recall}, whose k-th true neighbour the index does not hold. */
    int unknown() {
        return unknown;
    }

    private long hitsOfUnsure(
            SpannIndex index, QueryRows queries, Neighbors found, List<Integer> unsure) {
        int[] rows = unsure.stream().mapToInt(Integer::intValue).toArray();
        long[] ids = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            ids[i] = truth.id(rows[i], k - 1);
        }
        float[] keys = new DistanceLookup(index).rankKeys(queries, rows, ids);
        long hits = 0;
        for (int i = 0; i < rows.length; i++) {
            // A truth that names a vector which the index lacks says nothing about ties.
            boolean known = !Float.isNaN(keys[i]);
            unknown += known ? 0 : 1;
            double limit = known ? keys[i] : Double.NEGATIVE_INFINITY;
            hits += hits(found, rows[i], limit, queries.space());
        }
        return hits;
    }

    private int hits(Neighbors found, int query, double key, VectorSpace space) {
        Set<Long> ids = new HashSet<>();
        for (int r = 0; r < k; r++) {
            ids.add((long) truth.id(query, r));
        }
        double limit = key + TIE * Math.abs(key);
        int hits = 0;
        for (int r = 0; r < found.count(query); r++) {
            boolean tie =
                    key != Double.NEGATIVE_INFINITY && space.key(found.distance(query, r)) <= limit;
            if (tie || ids.contains(found.id(query, r))) {
                hits++;
            }
        }
        return hits;
    }

    private static int rankOf(Neighbors found, int query, long id) {
        for (int r = 0; r < found.count(query); r++) {
            if (found.id(query, r) == id) {
                return r;
            }
        }
        return -1;
    }
}
