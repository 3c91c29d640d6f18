package io.sparkspann.spark.join;

import java.io.Serializable;

/**
 * Which neighbours of a query become rows.
 *
 * @param k neighbours wished for
 * @param excludeSelf whether a neighbour with the query's own id is left out
 * @param limit no neighbour is farther than this distance, or, where a greater number is nearer,
 *     has a smaller one; NaN: no limit
 * @param outer whether a query without neighbours has one row all the same
 */
public record Selection(int k, boolean excludeSelf, double limit, boolean outer)
        implements Serializable {
    /** The nearest k. */
    public static Selection of(int k) {
        return new Selection(k, false, Double.NaN, false);
    }

    Selection withK(int newK) {
        return new Selection(newK, excludeSelf, limit, outer);
    }

    Selection withExcludeSelf(boolean exclude) {
        return new Selection(k, exclude, limit, outer);
    }

    Selection withLimit(double newLimit) {
        return new Selection(k, excludeSelf, newLimit, outer);
    }

    Selection withOuter(boolean keep) {
        return new Selection(k, excludeSelf, limit, keep);
    }

    /** Length of the lists that are kept: one more if the query itself may be among them. */
    int listLength() {
        return excludeSelf ? k + 1 : k;
    }

    /** Whether a neighbour, and so all after it, is too far. */
    boolean isBeyond(float reported, boolean similarity) {
        return similarity ? reported < (float) limit : reported > (float) limit;
    }
}
