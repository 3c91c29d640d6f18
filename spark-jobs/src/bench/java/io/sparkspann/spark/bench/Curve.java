package io.sparkspann.spark.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A peer's measurements by ascending recall, to be read at any recall: linear between neighbours in
 * the logarithm of the value. A measurement that another one beats in recall and value is left out,
 * for nobody would choose that setting.
 */
final class Curve {
    private final List<Point> points = new ArrayList<>();
    private final Function<Point, Double> value;

    private Curve(List<Point> measured, Function<Point, Double> value, boolean greaterIsBetter) {
        this.value = value;
        Comparator<Point> byValue = Comparator.comparing(value);
        Comparator<Point> better = greaterIsBetter ? byValue : byValue.reversed();
        Comparator<Point> byRecall = Comparator.comparing(Point::recall);
        for (Point point : measured.stream().sorted(byRecall.thenComparing(better)).toList()) {
            points.removeIf(earlier -> better.compare(earlier, point) <= 0);
            points.add(point);
        }
    }

    static Curve ofRates(List<Point> measured) {
        return new Curve(measured, Point::queriesPerSecond, true);
    }

    static Curve ofMedians(List<Point> measured) {
        return new Curve(measured, Point::medianMicros, false);
    }

    /**
     * The value at a recall, and the points that it comes from, which are the same point twice if
     * even the lowest recall is above the wanted one: no extrapolation.
     */
    record Reading(Point below, Point above, double value) {
        boolean isBetween() {
            return below != above;
        }
    }

    /** Empty if the recall was never reached. */
    Optional<Reading> at(double recall) {
        for (int i = 0; i < points.size(); i++) {
            Point above = points.get(i);
            if (above.recall() >= recall) {
                Point below = i == 0 ? above : points.get(i - 1);
                double width = above.recall() - below.recall();
                double share = width == 0 ? 1 : (recall - below.recall()) / width;
                double log =
                        (1 - share) * Math.log(value.apply(below))
                                + share * Math.log(value.apply(above));
                return Optional.of(new Reading(below, above, Math.exp(log)));
            }
        }
        return Optional.empty();
    }

    double bestRecall() {
        return points.get(points.size() - 1).recall();
    }
}
