package io.sparkspann.spark.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws queries a second over recall, one curve for each system, as SVG; y is logarithmic. */
final class CurvesSvg {
    private static final int LEFT = 90;
    private static final int TOP = 60;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 420;
    private static final int LEGEND = 230;
    private static final double LEAST_RECALL = 0.8;

    /** Colours that the colour-blind tell apart (Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#d55e00", "#e69f00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#000000");

    private final Results results;
    private final int k;
    private final Map<String, List<Point>> curves = new LinkedHashMap<>();
    private final StringBuilder svg = new StringBuilder();
    private double least;
    private double greatest;

    CurvesSvg(Results results, int k) {
        this.results = results;
        this.k = k;
    }

    /** Writes nothing if no point has this k. */
    void write(Path file) throws IOException {
        collect();
        List<Double> rates =
                curves.values().stream()
                        .flatMap(List::stream)
                        .map(Point::queriesPerSecond)
                        .toList();
        if (rates.isEmpty()) {
            return;
        }
        least = Math.floor(Math.log10(rates.stream().min(Double::compare).orElseThrow()));
        greatest = Math.ceil(Math.log10(rates.stream().max(Double::compare).orElseThrow()));
        int width = LEFT + WIDTH + LEGEND;
        int height = TOP + HEIGHT + 60;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">",
                width, height, width, height);
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        axes();
        int number = 0;
        for (Map.Entry<String, List<Point>> curve : curves.entrySet()) {
            draw(curve.getKey(), curve.getValue(), number++);
        }
        svg.append("</svg>\n");
        Files.writeString(file, svg, StandardCharsets.UTF_8);
    }

    private void collect() {
        for (boolean ours : new boolean[] {true, false}) {
            for (String phase : List.of(Point.BATCH, Point.JOIN)) {
                results.points().stream()
                        .filter(point -> point.isOurs() == ours && point.phase().equals(phase))
                        .filter(point -> point.k() == k && point.recall() >= LEAST_RECALL)
                        .sorted(Comparator.comparingDouble(Point::recall))
                        .forEach(
                                point ->
                                        curves.computeIfAbsent(
                                                        name(point.system()) + ", " + phase,
                                                        name -> new ArrayList<>())
                                                .add(point));
            }
        }
    }

    private static String name(Point.Measured system) {
        boolean ours = system.name().equals(Point.Measured.OURS);
        return ours ? system.name() : system.name() + " " + system.version();
    }

    private void axes() {
        Results.Data data = results.data();
        add(
                "<text x=\"%d\" y=\"28\" font-size=\"16\">%,d x %d %s, %s, recall@%d,"
                        + " %d cores</text>",
                LEFT,
                data.vectors(),
                data.dimensions(),
                data.type(),
                data.metric(),
                k,
                results.machine().cores());
        for (int step = 0; step <= 10; step++) {
            double recall = LEAST_RECALL + step * (1 - LEAST_RECALL) / 10;
            line(x(recall), TOP, x(recall), TOP + HEIGHT);
            label(x(recall), TOP + HEIGHT + 20, "middle", "%.2f", recall);
        }
        for (int power = (int) least; power <= greatest; power++) {
            double y = y(Math.pow(10, power));
            line(LEFT, y, LEFT + WIDTH, y);
            label(LEFT - 8, y + 4, "end", power < 0 ? "%.2f" : "%,.0f", Math.pow(10, power));
        }
        label(LEFT + WIDTH / 2.0, TOP + HEIGHT + 45, "middle", "recall@%.0f", (double) k);
        add("<text x=\"%d\" y=\"%d\">queries a second (log scale)</text>", LEFT, TOP - 10);
    }

    private void draw(String name, List<Point> points, int number) {
        String colour = COLOURS.get(number % COLOURS.size());
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            double x = x(point.recall());
            double y = y(point.queriesPerSecond());
            path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, colour);
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                path.toString().trim(), colour);
        int at = TOP + 12 + 24 * number;
        int left = LEFT + WIDTH + 16;
        add("<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"%s\"/>", left, at - 4, colour);
        add("<text x=\"%d\" y=\"%d\">%s</text>", left + 14, at, name);
    }

    private static double x(double recall) {
        return LEFT + WIDTH * (recall - LEAST_RECALL) / (1 - LEAST_RECALL);
    }

    private double y(double rate) {
        double span = Math.max(1, greatest - least);
        return TOP + HEIGHT * (1 - (Math.log10(rate) - least) / span);
    }

    private void line(double x1, double y1, double x2, double y2) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                x1, y1, x2, y2);
    }

    private void label(double x, double y, String anchor, String format, double value) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x, y, anchor, String.format(Locale.ROOT, format, value));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
