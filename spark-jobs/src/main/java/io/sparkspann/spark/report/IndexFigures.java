package io.sparkspann.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkspann.build.ReportFile;
import io.sparkspann.build.StageRun;
import io.sparkspann.format.CalibrationRow;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a report shows of a snapshot. Statistics of a manifest are free in form, so what is not
 * there, or not as this program writes it, is left out.
 *
 * @param location of the index, for people
 * @param manifest of the snapshot
 * @param build how it was built, as far as that is known
 */
record IndexFigures(String location, Manifest manifest, ReportFile.Found build) {
    /** A bar of a histogram. */
    record Bar(String label, long count) {}

    /** Recall by number of probes, of the queries of a class. */
    record Curve(double fromDistance, TreeMap<Integer, Double> recalls) {}

    long heads() {
        return manifest.shards().stream().mapToLong(ShardEntry::heads).sum();
    }

    long records() {
        return manifest.shards().stream().mapToLong(ShardEntry::records).sum();
    }

    /** Stages in the order in which they ran; none if that is not known. */
    List<StageRun> stages() {
        return build.run().map(run -> run.stages()).orElse(List.of());
    }

    /**
     * Postings by their numbers of records.
     *
     * @param most bars, at most
     */
    List<Bar> postingSizes(int most) {
        JsonNode sizes = manifest.statistics().path("postingSizes");
        int width = sizes.path("binWidth").asInt();
        long[] bins = counts(sizes.path("histogram"));
        if (width <= 0 || bins.length == 0) {
            return List.of();
        }
        int fold = (bins.length + most - 1) / most;
        Bar[] bars = new Bar[(bins.length + fold - 1) / fold];
        for (int b = 0; b < bars.length; b++) {
            long count = 0;
            for (int i = b * fold; i < Math.min(bins.length, (b + 1) * fold); i++) {
                count += bins[i];
            }
            bars[b] = new Bar(Long.toString((long) b * fold * width), count);
        }
        return List.of(bars);
    }

    /** Width of the bars of {@link #postingSizes}, in records. */
    long postingBarWidth(int most) {
        JsonNode sizes = manifest.statistics().path("postingSizes");
        int bins = sizes.path("histogram").size();
        return (long) sizes.path("binWidth").asInt() * ((bins + most - 1) / most);
    }

    /** Percentiles of the sizes of postings, by their names. */
    Map<String, Long> postingPercentiles() {
        JsonNode sizes = manifest.statistics().path("postingSizes");
        Map<String, Long> found = new LinkedHashMap<>();
        for (String name : List.of("p1", "p10", "p50", "p90", "p99", "max")) {
            if (sizes.path(name).isNumber()) {
                found.put(name, sizes.path(name).asLong());
            }
        }
        return found;
    }

    /** Vectors by the number of postings that hold them, from 1. */
    List<Bar> replicas() {
        long[] counts = counts(manifest.statistics().path("replicaHistogram"));
        List<Bar> bars = new ArrayList<>();
        for (int r = 0; r < counts.length; r++) {
            // No vector is in no posting.
            if (r > 0 || counts[r] > 0) {
                bars.add(new Bar(Integer.toString(r), counts[r]));
            }
        }
        return bars;
    }

    private static long[] counts(JsonNode array) {
        long[] counts = new long[array.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Math.max(0, array.get(i).asLong());
        }
        return counts;
    }

    /** Curves of the calibration by k, classes of near queries first. */
    Map<Integer, List<Curve>> calibration() {
        Map<Integer, TreeMap<Double, TreeMap<Integer, Double>>> byK = new TreeMap<>();
        for (CalibrationRow row : manifest.calibration()) {
            byK.computeIfAbsent(row.k(), k -> new TreeMap<>())
                    .computeIfAbsent(row.fromDistance(), from -> new TreeMap<>())
                    .merge(row.probes(), row.recall(), Math::max);
        }
        Map<Integer, List<Curve>> curves = new TreeMap<>();
        byK.forEach(
                (k, classes) ->
                        curves.put(
                                k,
                                classes.entrySet().stream()
                                        .map(c -> new Curve(c.getKey(), c.getValue()))
                                        .toList()));
        return curves;
    }
}
