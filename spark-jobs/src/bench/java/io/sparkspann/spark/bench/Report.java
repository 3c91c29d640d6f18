package io.sparkspann.spark.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table: each measurement of this project against every peer, at equal recall. */
final class Report {
    private final Results results;
    private final List<String[]> rows = new ArrayList<>();

    Report(Results results) {
        this.results = results;
    }

    void print(PrintStream out) {
        Results.Data data = results.data();
        out.printf(
                Locale.ROOT,
                "%s: %,d x %d %s, %s, %,d held-out queries. %s, %d cores. %s%n",
                data.base(),
                data.vectors(),
                data.dimensions(),
                data.type(),
                data.metric(),
                data.queries(),
                results.machine().cpu(),
                results.machine().cores(),
                String.join(", ", results.dates()));
        results.points().stream()
                .map(Point::system)
                .distinct()
                .forEach(system -> out.println(describe(system)));
        rows.add(
                new String[] {
                    "what", "spark-spann", "peer", "peer's points used", "peer there", "ratio"
                });
        builds();
        searches(Point.BATCH, List.of(Point.BATCH));
        latencies();
        smallBatches();
        searches(Point.FIRST_JOIN, List.of(Point.BATCH, Point.JOIN));
        searches(Point.JOIN, List.of(Point.BATCH, Point.JOIN));
        printRows(out);
        out.println(
                "ratio: how many times better spark-spann is; peers are read at its recall, between"
                        + " the two points named");
        notes(out);
    }

    private static String describe(Point.Measured system) {
        String where =
                system.java().isEmpty()
                        ? ""
                        : ", Java " + system.java() + ", heap " + system.heap();
        return "  " + system.name() + " " + system.version() + where;
    }

    private void notes(PrintStream out) {
        results.points().stream()
                .filter(point -> point.note() != null)
                .map(point -> point.system().name() + ", " + point.phase() + ": " + point.note())
                .distinct()
                .forEach(note -> out.println("  " + note));
    }

    private List<Point> ours(String phase) {
        return results.points().stream()
                .filter(point -> point.isOurs() && point.phase().equals(phase))
                .toList();
    }

    private Map<String, List<Point>> peers(List<String> phases, Integer k) {
        return results.points().stream()
                .filter(
                        point ->
                                !point.isOurs()
                                        && phases.contains(point.phase())
                                        && Objects.equals(point.k(), k))
                .collect(
                        Collectors.groupingBy(
                                point -> point.system().name(), TreeMap::new, Collectors.toList()));
    }

    private void builds() {
        for (Point own : ours(Point.BUILD)) {
            peers(List.of(Point.BUILD), null)
                    .forEach(
                            (name, points) ->
                                    add(
                                            "build, " + threads(own),
                                            text("%.1f s", own.seconds()),
                                            name,
                                            "",
                                            text("%.1f s", points.get(0).seconds()),
                                            points.get(0).seconds() / own.seconds()));
        }
    }

    private void searches(String phase, List<String> peerPhases) {
        for (Point own : ours(phase)) {
            String cell = text("%.4f", own.recall()) + " " + rate(own.queriesPerSecond());
            peers(peerPhases, own.k())
                    .forEach(
                            (name, points) ->
                                    compare(
                                            own,
                                            cell,
                                            name,
                                            new Curve(points, Point::queriesPerSecond),
                                            Report::rate,
                                            value -> own.queriesPerSecond() / value));
        }
    }

    private void latencies() {
        for (Point own : ours(Point.SINGLE)) {
            String cell =
                    text("%.4f", own.recall())
                            + text(" median %.0f us", own.medianMicros())
                            + text(", p99 %.0f us", own.p99Micros());
            peers(List.of(Point.SINGLE), own.k())
                    .forEach(
                            (name, points) ->
                                    compare(
                                            own,
                                            cell,
                                            name,
                                            new Curve(points, Point::medianMicros),
                                            Report::micros,
                                            value -> value / own.medianMicros()));
        }
    }

    private void smallBatches() {
        for (Point own : ours(Point.BATCHES)) {
            ours(Point.LOOP).stream()
                    .filter(loop -> loop.threads() == own.threads())
                    .forEach(
                            loop ->
                                    add(
                                            label(own),
                                            text("%.4f", own.recall())
                                                    + " "
                                                    + rate(own.queriesPerSecond()),
                                            "own " + Point.LOOP,
                                            "",
                                            rate(loop.queriesPerSecond()),
                                            own.queriesPerSecond() / loop.queriesPerSecond()));
        }
    }

    private void compare(
            Point own,
            String cell,
            String peer,
            Curve curve,
            Function<Double, String> format,
            Function<Double, Double> ratio) {
        Optional<Curve.Reading> reading = curve.at(own.recall());
        if (reading.isEmpty()) {
            add(
                    label(own),
                    cell,
                    peer,
                    text("best recall %.4f", curve.bestRecall()),
                    "never reached",
                    Double.NaN);
            return;
        }
        Curve.Reading read = reading.get();
        String used = point(read.above(), format);
        if (read.isBetween()) {
            used = point(read.below(), format) + "; " + used;
        }
        add(label(own), cell, peer, used, format.apply(read.value()), ratio.apply(read.value()));
    }

    private static String point(Point point, Function<Double, String> format) {
        boolean single = point.phase().equals(Point.SINGLE);
        double value = single ? point.medianMicros() : point.queriesPerSecond();
        String p99 = single ? text(", p99 %,.0f us", point.p99Micros()) : "";
        String rest = text("%.4f", point.recall()) + " " + format.apply(value) + p99;
        return point.setting() + ": " + rest;
    }

    private static String label(Point own) {
        return own.phase() + " k " + own.k() + ", " + own.setting() + ", " + threads(own);
    }

    private static String threads(Point own) {
        return own.threads() + (own.threads() == 1 ? " thread" : " threads");
    }

    private static String rate(double queriesPerSecond) {
        return text(queriesPerSecond < 100 ? "%,.2f/s" : "%,.0f/s", queriesPerSecond);
    }

    private static String micros(double value) {
        return text("%,.0f us", value);
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private void add(
            String what, String own, String peer, String used, String there, double ratio) {
        String shown = Double.isNaN(ratio) ? "" : text(ratio < 9.95 ? "%.2f" : "%,.0f", ratio);
        rows.add(new String[] {what, own, peer, used, there, shown});
    }

    private void printRows(PrintStream out) {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder("|");
            StringBuilder rule = new StringBuilder("|");
            for (int c = 0; c < widths.length; c++) {
                line.append(' ').append(rows.get(r)[c]);
                line.append(" ".repeat(widths[c] - rows.get(r)[c].length())).append(" |");
                rule.append("-".repeat(widths[c] + 2)).append('|');
            }
            out.println(line);
            if (r == 0) {
                out.println(rule);
            }
        }
    }
}
