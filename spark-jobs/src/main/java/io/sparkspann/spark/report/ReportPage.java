package io.sparkspann.spark.report;

import io.sparkspann.build.BuildReport;
import io.sparkspann.build.BuildRun;
import io.sparkspann.build.ReportFile;
import io.sparkspann.build.StageRun;
import io.sparkspann.format.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.internal.chartpart.IChart;

/**
 * One HTML page about a snapshot of an index, with plots and tables. It needs no other file, no
 * network and no scripts. Of equal input it is equal.
 */
public final class ReportPage {
    private static final String STYLE = "report.css";

    private final IndexFigures figures;
    private final boolean plots;
    private final Html html = new Html();

    private ReportPage(IndexFigures figures, boolean plots) {
        this.figures = figures;
        this.plots = plots;
    }

    /**
     * What keeps this machine from drawing plots; empty if nothing does. Java must run without a
     * screen: {@code java.awt.headless}.
     */
    public static Optional<String> plotProblem() {
        return Svg.problem();
    }

    /**
     * @param location of the index, for people
     * @param build how the snapshot was built, as far as that is known
     * @param plots whether there are plots; without them the tables say the same
     */
    public static String of(
            String location, Manifest manifest, ReportFile.Found build, boolean plots) {
        return new ReportPage(new IndexFigures(location, manifest, build), plots).page();
    }

    private String page() {
        String title = "Index " + figures.location();
        html.raw("<!DOCTYPE html>")
                .raw("<html lang=\"en\">")
                .raw("<head>")
                .raw("<meta charset=\"utf-8\">")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .raw(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                                + " style-src 'unsafe-inline'\">")
                .text("title", title)
                .raw("<style>")
                .raw(style())
                .raw("</style>")
                .raw("</head>")
                .raw("<body>")
                .raw("<header>")
                .text("h1", title);
        head();
        html.raw("</header>").raw("<main>");
        new Sections(figures, html, this::figure).all();
        return html.raw("</main>").raw("</body>").raw("</html>").toString();
    }

    private void head() {
        Manifest manifest = figures.manifest();
        Optional<BuildRun> run = figures.build().run();
        String made =
                "Snapshot "
                        + manifest.snapshot()
                        + ", published "
                        + Figures.time(manifest.created())
                        + ".";
        String begun =
                run.map(
                                known ->
                                        " Its build by "
                                                + known.program()
                                                + " began "
                                                + Figures.time(known.started())
                                                + ".")
                        .orElse("");
        html.text("p", "soft", made + begun);
        if (run.isEmpty()) {
            html.text(
                    "p",
                    "warn",
                    "Stage times are unknown: "
                            + figures.build().why()
                            + ". All else is from the manifest.");
        }
        if (!plots) {
            html.text(
                    "p",
                    "warn",
                    "There are no plots, for the machine that made this page has no fonts. The"
                            + " tables hold the same figures.");
        }
        html.raw("<dl class=\"cards\">");
        cards().forEach(
                        (name, value) ->
                                html.raw("<div>").text("dt", name).text("dd", value).raw("</div>"));
        html.raw("</dl>");
    }

    private Map<String, String> cards() {
        Manifest manifest = figures.manifest();
        long bytes = BuildReport.indexBytes(manifest);
        double vectors = Math.max(1, manifest.vectors());
        Map<String, String> cards = new LinkedHashMap<>();
        cards.put("vectors", Figures.count(manifest.vectors()));
        cards.put(
                "dimensions",
                manifest.schema().dimensions() + " × " + manifest.schema().elementType().label());
        cards.put("metric", manifest.schema().metric().label());
        cards.put("shards", Figures.count(manifest.shards().size()));
        cards.put("heads, so postings", Figures.count(figures.heads()));
        cards.put("postings for a vector", Figures.decimal(figures.records() / vectors, 2));
        cards.put(
                "vectors in a posting",
                Figures.decimal((double) figures.records() / Math.max(1, figures.heads()), 1));
        cards.put("index", Figures.bytes(bytes));
        cards.put("for a vector", Figures.bytes(bytes / vectors));
        long skipped = manifest.statistics().path("skippedRows").asLong();
        cards.put("rows skipped", Figures.count(skipped));
        figures.build().run().ifPresent(run -> cards.put("time", time(run)));
        return cards;
    }

    /** Of this run only: an earlier one, which died, did not leave its times. */
    private static String time(BuildRun run) {
        boolean resumed = run.stages().stream().anyMatch(StageRun::earlier);
        return Figures.seconds(run.seconds()) + (resumed ? " (resumed)" : "");
    }

    private void figure(String id, String title, String caption, IChart chart) {
        if (plots) {
            html.raw("<figure>").raw(Svg.of(chart, id, title));
            html.text("figcaption", caption).raw("</figure>");
        }
    }

    private static String style() {
        try (InputStream style = ReportPage.class.getResourceAsStream(STYLE)) {
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
