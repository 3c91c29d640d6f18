package io.sparkspann.spark.report;

import io.sparkspann.build.BuildReport;
import io.sparkspann.build.StageRun;
import io.sparkspann.format.FileEntry;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.ShardEntry;
import io.sparkspann.search.ProbePolicy;
import io.sparkspann.spark.report.IndexFigures.Bar;
import io.sparkspann.spark.report.IndexFigures.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.knowm.xchart.internal.chartpart.IChart;

/** The sections of a report: a plot and its figures each. */
final class Sections {
    private static final int MOST_BARS = 64;
    private static final int MOST_POINTS = 1000;
    private static final int MOST_SHARD_ROWS = 200;
    private static final int TARGET_K = 10;
    private static final double[] TARGETS = {0.90, 0.95, 0.99};

    /** Side by side where there is room. */
    private static final String PAIR = "<div class=\"pair\">";

    private static final String END = "</div>";

    private final IndexFigures figures;
    private final Manifest manifest;
    private final Html html;
    private final Plot plot;

    /** Puts a plot into the page. */
    interface Plot {
        void put(String id, String title, String caption, IChart chart);
    }

    Sections(IndexFigures figures, Html html, Plot plot) {
        this.figures = figures;
        this.manifest = figures.manifest();
        this.html = html;
        this.plot = plot;
    }

    void all() {
        stages();
        postings();
        replicas();
        shards();
        calibration();
        files();
        options();
    }

    private void stages() {
        List<StageRun> stages = figures.stages();
        if (stages.isEmpty()) {
            return;
        }
        html.text("h2", "Stages of the build").raw(PAIR);
        List<StageRun> timed = stages.stream().filter(stage -> !stage.earlier()).toList();
        if (!timed.isEmpty()) {
            plot.put(
                    "stages",
                    "Seconds of each stage of the build",
                    "Time of each stage, in the order in which they ran.",
                    Charts.stages(
                            timed.stream().map(StageRun::name).toList(),
                            timed.stream().map(StageRun::seconds).toList()));
        }
        List<List<String>> rows = new ArrayList<>();
        for (StageRun stage : stages) {
            rows.add(
                    stage.earlier()
                            ? List.of(stage.name(), "in an earlier run", "", "")
                            : List.of(
                                    stage.name(),
                                    Figures.seconds(stage.seconds()),
                                    stage.writtenBytes() == 0
                                            ? ""
                                            : Figures.bytes(stage.writtenBytes()),
                                    stage.distances() == 0
                                            ? ""
                                            : Figures.count(stage.distances())));
        }
        html.table(
                "Distances are those of the tasks that count them.",
                List.of("stage", "time", "written", "distances"),
                rows);
        html.raw(END);
    }

    private void postings() {
        List<Bar> bars = figures.postingSizes(MOST_BARS);
        if (bars.isEmpty()) {
            return;
        }
        html.text("h2", "Posting sizes");
        plot.put(
                "postings",
                "Number of postings by the vectors in them",
                "Postings by the number of vectors in them, replicas included; each bar stands for "
                        + figures.postingBarWidth(MOST_BARS)
                        + " sizes, the last one also for all above.",
                Charts.bars(bars, "vectors in a posting, from", "postings"));
        List<String> header = new ArrayList<>(List.of(""));
        List<String> row = new ArrayList<>(List.of("vectors in a posting"));
        figures.postingPercentiles()
                .forEach(
                        (name, value) -> {
                            header.add(name.replaceFirst("^p(?=[0-9])", "percentile "));
                            row.add(Figures.count(value));
                        });
        html.table("Percentiles are known to the bin.", header, List.of(row));
        details("All sizes", "", List.of("from", "postings"), rows(bars));
    }

    private void replicas() {
        List<Bar> bars = figures.replicas();
        if (bars.isEmpty()) {
            return;
        }
        html.text("h2", "Replicas").raw(PAIR);
        plot.put(
                "replicas",
                "Number of vectors by the postings that hold them",
                "Vectors by the number of postings that hold them.",
                Charts.bars(bars, "postings that hold a vector", "vectors"));
        double all = Math.max(1, bars.stream().mapToLong(Bar::count).sum());
        List<List<String>> rows = new ArrayList<>();
        for (Bar bar : bars) {
            rows.add(
                    List.of(
                            bar.label(),
                            Figures.count(bar.count()),
                            Figures.decimal(100 * bar.count() / all, 1) + " %"));
        }
        html.table("", List.of("postings", "vectors", "share"), rows).raw(END);
    }

    private void shards() {
        List<ShardEntry> shards = manifest.shards();
        html.text("h2", "Shards").raw(PAIR);
        String caption = "A build or a join handles a shard in a task, so the largest one counts.";
        if (shards.size() > 1 && shards.size() <= MOST_BARS) {
            List<Bar> bars =
                    shards.stream()
                            .map(s -> new Bar(Integer.toString(s.shard()), s.vectors()))
                            .toList();
            plot.put(
                    "shards",
                    "Vectors of each shard",
                    "Vectors of each shard. " + caption,
                    Charts.bars(bars, "shard", "vectors"));
        } else if (shards.size() > MOST_BARS) {
            plot.put(
                    "shards",
                    "Vectors of the shards, smallest first",
                    "Vectors of the shards, smallest first. " + caption,
                    Charts.ascending(sizes(shards), "shards", "vectors"));
        }
        List<List<String>> rows = new ArrayList<>();
        for (ShardEntry shard : shards.subList(0, Math.min(shards.size(), MOST_SHARD_ROWS))) {
            long bytes = shard.files().values().stream().mapToLong(FileEntry::lengthBytes).sum();
            rows.add(
                    List.of(
                            Integer.toString(shard.shard()),
                            Figures.count(shard.vectors()),
                            Figures.count(shard.heads()),
                            Figures.count(shard.records()),
                            Figures.bytes(bytes)));
        }
        List<String> header = List.of("shard", "vectors", "postings", "records", "files");
        String cut =
                shards.size() > rows.size()
                        ? "The first " + rows.size() + " of " + Figures.count(shards.size()) + "."
                        : "";
        if (rows.size() <= 12) {
            html.table(cut, header, rows).raw(END);
        } else {
            html.raw(END);
            details("All shards", cut, header, rows);
        }
    }

    /** Ascending; of very many no more than a plot can show. */
    private static double[] sizes(List<ShardEntry> shards) {
        double[] all = shards.stream().mapToDouble(ShardEntry::vectors).sorted().toArray();
        if (all.length <= MOST_POINTS) {
            return all;
        }
        double[] some = new double[MOST_POINTS];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[(int) ((long) i * (all.length - 1) / (some.length - 1))];
        }
        return some;
    }

    private void calibration() {
        html.text("h2", "Recall");
        Map<Integer, List<Curve>> byK = figures.calibration();
        if (byK.isEmpty()) {
            html.text("p", "The index was not calibrated, so searches must be told their probes.");
            return;
        }
        html.text(
                "p",
                "soft",
                "Measured on vectors of the table that were held out of the training. Classes of"
                        + " queries are by distance to their nearest head: far ones need more"
                        + " probes.");
        targets();
        html.raw(PAIR);
        byK.forEach(
                (k, curves) ->
                        plot.put(
                                "recall-" + k,
                                "Recall at k " + k + " by number of probes, for each class",
                                "Recall at k "
                                        + k
                                        + " by the number of postings read, for queries by distance"
                                        + " to their nearest head.",
                                Charts.recall(curves)));
        html.raw(END);
        byK.forEach(this::recalls);
    }

    private void targets() {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("recall target"));
        for (double target : TARGETS) {
            ProbePolicy policy = ProbePolicy.forRecall(manifest.calibration(), target, TARGET_K);
            List<Curve> classes =
                    policy.fromDistances().stream().map(from -> new Curve(from, null)).toList();
            if (header.size() == 1) {
                for (int c = 0; c < classes.size(); c++) {
                    header.add(Charts.name(classes, c));
                }
            }
            List<String> row = new ArrayList<>(List.of(Figures.decimal(target, 2)));
            policy.probes().forEach(probes -> row.add(Figures.count(probes)));
            rows.add(row);
        }
        html.table(
                "Probes of a search at k " + TARGET_K + ", by the query's distance", header, rows);
    }

    private void recalls(int k, List<Curve> curves) {
        List<String> header = new ArrayList<>(List.of("probes"));
        TreeSet<Integer> probes = new TreeSet<>();
        for (int c = 0; c < curves.size(); c++) {
            header.add(Charts.name(curves, c));
            probes.addAll(curves.get(c).recalls().keySet());
        }
        List<List<String>> rows = new ArrayList<>();
        for (int p : probes) {
            List<String> row = new ArrayList<>(List.of(Figures.count(p)));
            for (Curve curve : curves) {
                Double recall = curve.recalls().get(p);
                row.add(recall == null ? "" : Figures.decimal(recall, 4));
            }
            rows.add(row);
        }
        details("All measurements at k " + k, "", header, rows);
    }

    private void files() {
        html.text("h2", "Files");
        long total = Math.max(1, BuildReport.indexBytes(manifest));
        List<List<String>> rows = new ArrayList<>();
        BuildReport.bytesByKind(manifest)
                .forEach(
                        (kind, bytes) ->
                                rows.add(
                                        List.of(
                                                kind,
                                                Figures.bytes(bytes),
                                                Figures.decimal(100.0 * bytes / total, 1) + " %")));
        html.table("", List.of("kind", "size", "share"), rows);
    }

    private void options() {
        html.text("h2", "Options");
        List<List<String>> rows = new ArrayList<>();
        manifest.parameters().forEach((name, value) -> rows.add(List.of(name, value)));
        rows.add(List.of("content id", manifest.contentId().toString()));
        rows.add(List.of("index format", manifest.version().toString()));
        html.table("", List.of("option", "value"), rows);
    }

    private static List<List<String>> rows(List<Bar> bars) {
        return bars.stream().map(bar -> List.of(bar.label(), Figures.count(bar.count()))).toList();
    }

    private void details(
            String summary, String caption, List<String> header, List<List<String>> rows) {
        html.raw("<details>").text("summary", summary);
        html.table(caption, header, rows).raw("</details>");
    }
}
