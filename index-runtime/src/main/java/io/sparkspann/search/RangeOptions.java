package io.sparkspann.search;

import io.sparkspann.distance.FloatOrder;
import io.sparkspann.distance.Metric;
import io.sparkspann.distance.VectorSpace;
import io.sparkspann.error.InvalidInputException;

/**
 * What a range search finds: every vector whose reported distance is at most the radius; under a
 * similarity every vector that has at least that similarity. Reported numbers are floats, and so
 * the radius is rounded to one: a vector that is reported as 0.1 is within a radius of 0.1.
 *
 * @param radius in the numbers that the metric reports; not NaN
 * @param maxResults most vectors for a query, the nearest ones; 0 for all
 */
public record RangeOptions(double radius, int maxResults) {
    public RangeOptions {
        if (Double.isNaN(radius)) {
            throw new InvalidInputException("radius is NaN; use a number");
        }
        if (maxResults < 0) {
            throw new InvalidInputException(
                    "the most results are " + maxResults + "; use 1 or more, or 0 for all");
        }
    }

    /** All vectors within a radius. */
    public static RangeOptions of(double radius) {
        return new RangeOptions(radius, 0);
    }

    public RangeOptions withMaxResults(int most) {
        return new RangeOptions(radius, most);
    }

    /**
     * Checks the radius against a metric.
     *
     * @throws InvalidInputException if the radius is negative under a metric that has no negative
     *     distances
     */
    public void requireFor(Metric metric) {
        if (radius < 0 && !metric.isSimilarity()) {
            throw new InvalidInputException(
                    "radius is "
                            + radius
                            + ", but "
                            + metric.label()
                            + " has no distances below 0; use 0 or more");
        }
    }

    /** The greatest rank key within the radius; negative infinity if there is none. */
    public float keyLimit(VectorSpace space) {
        requireFor(space.metric());
        if (Double.isInfinite(radius)) {
            return space.metric().isSimilarity() ? (float) -radius : (float) radius;
        }
        // Reported numbers are monotone in keys: the last one within is found by halving.
        int within = FloatOrder.toInt(Float.NEGATIVE_INFINITY);
        int beyond = FloatOrder.toInt(Float.POSITIVE_INFINITY);
        while (beyond - (long) within > 1) {
            int middle = (int) ((within + (long) beyond) >> 1);
            if (isWithin(space, FloatOrder.toFloat(middle))) {
                within = middle;
            } else {
                beyond = middle;
            }
        }
        return FloatOrder.toFloat(within);
    }

    private boolean isWithin(VectorSpace space, float key) {
        float reported = space.reported(key);
        boolean similarity = space.metric().isSimilarity();
        return similarity ? reported >= (float) radius : reported <= (float) radius;
    }
}
