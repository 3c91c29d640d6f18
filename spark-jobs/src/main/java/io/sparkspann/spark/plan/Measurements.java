package io.sparkspann.spark.plan;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.error.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What plans are extrapolated from: rates and counts of runs, each with the run that it is from.
 * Read from {@code measurements.json} beside this class, which {@code bench rates} writes anew.
 * Immutable.
 *
 * @param sources the runs, by name
 * @param rates processor time of a unit of work, by name
 * @param warmUps processor time, in seconds, that each JVM spends once on a stage, by stage
 * @param counts how often something happens, by name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Measurements(
        Map<String, Source> sources,
        Map<String, Rate> rates,
        Map<String, Double> warmUps,
        Map<String, Count> counts) {
    private static final String RESOURCE = "measurements.json";

    public Measurements {
        sources = Map.copyOf(sources);
        rates = Map.copyOf(rates);
        warmUps = Map.copyOf(warmUps);
        counts = Map.copyOf(counts);
    }

    /**
     * A run.
     *
     * @param machine processor and number of cores
     * @param data what vectors
     * @param date when
     * @param command what repeats it
     */
    public record Source(String machine, String data, String date, String command) {}

    /**
     * Processor time of a unit of work on vectors of {@code d} dimensions: {@code nanos +
     * nanosPerDimension × d}.
     */
    public record Rate(String source, double nanos, double nanosPerDimension) {
        /** Processor time of a unit. */
        public double nanos(int dimensions) {
            return nanos + nanosPerDimension * dimensions;
        }
    }

    /**
     * A count that depends on a setting and on the size of the index.
     *
     * @param points pairs of setting and count at {@code atVectors} vectors, settings ascending
     * @param growth the count grows with this power of the number of vectors
     */
    public record Count(String source, double atVectors, double growth, List<List<Double>> points) {
        /** The count, straight between points in logarithms, and as at the last beyond them. */
        double at(double setting, double vectors) {
            double x = Math.log(setting);
            List<Double> below = points.get(0);
            double y = Math.log(below.get(1));
            for (List<Double> point : points) {
                double x0 = Math.log(below.get(0));
                double x1 = Math.log(point.get(0));
                double y0 = Math.log(below.get(1));
                double y1 = Math.log(point.get(1));
                if (x >= x1) {
                    y = y1;
                } else if (x > x0) {
                    y = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
                }
                below = point;
            }
            return Math.exp(y) * Math.pow(vectors / atVectors, growth);
        }
    }

    /** The measurements that this version comes with. */
    public static Measurements load() {
        try (InputStream in = Measurements.class.getResourceAsStream(RESOURCE)) {
            return new ObjectMapper()
                    .readValue(Objects.requireNonNull(in, RESOURCE), Measurements.class);
        } catch (IOException e) {
            throw new InvalidInputException(
                    RESOURCE + ": not readable: " + e.getMessage() + "; build the project anew", e);
        }
    }

    Rate rate(String name) {
        return Objects.requireNonNull(rates.get(name), name);
    }

    Count count(String name) {
        return Objects.requireNonNull(counts.get(name), name);
    }

    double warmUp(String stage) {
        return warmUps.getOrDefault(stage, 0.0);
    }
}
