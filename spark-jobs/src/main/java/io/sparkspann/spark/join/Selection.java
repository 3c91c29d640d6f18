package io.sparkspann.spark.join;

import io.sparkspann.distance.VectorSpace;
import io.sparkspann.search.RangeOptions;
import java.io.Serializable;

/**
 * Which neighbours of a query become rows.
 *
 * @param k neighbours wished for
 * @param excludeSelf whether a neighbour with the query's own id is left out
 * @param limit no neighbour is farther than this distance, or, where a greater number is nearer,
 *     has a smaller one; NaN: no limit
 * @param outer whether a query without neighbours has one row all the same
 * @param exact whether all vectors are compared that may be among them
 */
public record Selection(int k, boolean excludeSelf, double limit, boolean outer, boolean exact)
        implements Serializable {
    /** The nearest k. */
    public static Selection of(int k) {
        return new Selection(k, false, Double.NaN, false, false);
    }

    Selection withK(int newK) {
        return new Selection(newK, excludeSelf, limit, outer, exact);
    }

    Selection withExcludeSelf(boolean exclude) {
        return new Selection(k, exclude, limit, outer, exact);
    }

    Selection withLimit(double newLimit) {
        return new Selection(k, excludeSelf, newLimit, outer, exact);
    }

    Selection withOuter(boolean keep) {
        return new Selection(k, excludeSelf, limit, keep, exact);
    }

    Selection withExact() {
        return new Selection(k, excludeSelf, limit, outer, true);
    }

    /** Length of the lists that are kept: one more if the query itself may be among them. */
    int listLength() {
        return excludeSelf ? k + 1 : k;
    }

    /** The greatest rank key within the limit. */
    float keyLimit(VectorSpace space) {
        boolean none = Double.isNaN(limit) || limit < 0 && !space.metric().isSimilarity();
        return none ? Float.POSITIVE_INFINITY : RangeOptions.of(limit).keyLimit(space);
    }

    /** Whether a neighbour, and so all after it, is too far. */
    boolean isBeyond(float reported, boolean similarity) {
        return similarity ? reported < (float) limit : reported > (float) limit;
    }
}
