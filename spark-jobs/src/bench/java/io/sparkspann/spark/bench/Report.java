package io.sparkspann.spark.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table: each measurement of this project against every peer, at equal recall. */
final class Report {
    private static final Scale RATES =
            new Scale(
                    own -> recall(own) + " " + rate(own.queriesPerSecond()),
                    Report::rate,
                    (own, peer) -> own.queriesPerSecond() / peer);
    private static final Scale MEDIANS =
            new Scale(
                    own ->
                            recall(own)
                                    + " median "
                                    + micros(own.medianMicros())
                                    + ", p99 "
                                    + micros(own.p99Micros()),
                    Report::micros,
                    (own, peer) -> peer / own.medianMicros());

    private final Results results;
    private final List<Row> rows = new ArrayList<>();

    /** A line of the table. */
    private record Row(
            String what, String own, String peer, String used, String there, String ratio) {
        static final Row HEADER =
                new Row("what", "spark-spann", "peer", "peer's points used", "peer there", "ratio");

        List<String> cells() {
            return List.of(what, own, peer, used, there, ratio);
        }
    }

    /**
     * How measurements are shown and compared.
     *
     * @param cell text of one of this project's
     * @param format text of a peer's value
     * @param ratio how many times better than a peer's value
     */
    private record Scale(
            Function<Point, String> cell,
            Function<Double, String> format,
            BiFunction<Point, Double, Double> ratio) {}

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
        rows.add(Row.HEADER);
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
                                    rows.add(
                                            new Row(
                                                    "build, " + threads(own),
                                                    seconds(own),
                                                    name,
                                                    "",
                                                    seconds(points.get(0)),
                                                    ratio(
                                                            points.get(0).seconds()
                                                                    / own.seconds()))));
        }
    }

    private void searches(String phase, List<String> peerPhases) {
        for (Point own : ours(phase)) {
            peers(peerPhases, own.k())
                    .forEach((name, points) -> compare(own, name, Curve.ofRates(points), RATES));
        }
    }

    private void latencies() {
        for (Point own : ours(Point.SINGLE)) {
            peers(List.of(Point.SINGLE), own.k())
                    .forEach(
                            (name, points) -> compare(own, name, Curve.ofMedians(points), MEDIANS));
        }
    }

    private void smallBatches() {
        for (Point own : ours(Point.BATCHES)) {
            ours(Point.LOOP).stream()
                    .filter(loop -> loop.threads() == own.threads())
                    .forEach(
                            loop ->
                                    rows.add(
                                            new Row(
                                                    label(own),
                                                    RATES.cell().apply(own),
                                                    "own " + Point.LOOP,
                                                    "recall " + recall(loop),
                                                    rate(loop.queriesPerSecond()),
                                                    ratio(
                                                            own.queriesPerSecond()
                                                                    / loop.queriesPerSecond()))));
        }
    }

    private void compare(Point own, String peer, Curve curve, Scale scale) {
        String cell = scale.cell().apply(own);
        Optional<Curve.Reading> reading = curve.at(own.recall());
        if (reading.isEmpty()) {
            String best = text("best recall %.4f", curve.bestRecall());
            rows.add(new Row(label(own), cell, peer, best, "never reached", ""));
            return;
        }
        Curve.Reading read = reading.get();
        String used = point(read.above(), scale.format());
        if (read.isBetween()) {
            used = point(read.below(), scale.format()) + "; " + used;
        }
        rows.add(
                new Row(
                        label(own),
                        cell,
                        peer,
                        used,
                        scale.format().apply(read.value()),
                        ratio(scale.ratio().apply(own, read.value()))));
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

    private static String recall(Point point) {
        return text("%.4f", point.recall());
    }

    private static String seconds(Point point) {
        return text("%.1f s", point.seconds());
    }

    private static String ratio(double ratio) {
        return text(ratio < 9.95 ? "%.2f" : "%,.0f", ratio);
    }

    private void printRows(PrintStream out) {
        int[] widths = new int[Row.HEADER.cells().size()];
        for (Row row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.cells().get(c).length());
            }
        }
        for (Row row : rows) {
            StringBuilder line = new StringBuilder("|");
            StringBuilder rule = new StringBuilder("|");
            for (int c = 0; c < widths.length; c++) {
                String cell = row.cells().get(c);
                line.append(' ').append(cell);
                line.append(" ".repeat(widths[c] - cell.length())).append(" |");
                rule.append("-".repeat(widths[c] + 2)).append('|');
            }
            out.println(line);
            if (row == Row.HEADER) {
                out.println(rule);
            }
        }
    }
}
