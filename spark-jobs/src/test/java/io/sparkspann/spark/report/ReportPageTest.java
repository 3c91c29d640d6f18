package io.sparkspann.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildRun;
import io.sparkspann.build.ReportFile;
import io.sparkspann.build.StageRun;
import io.sparkspann.format.Manifest;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.Builds;
import io.sparkspann.spark.build.VectorSamples;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedSpark.class)
class ReportPageTest {
    private static final ReportFile.Found UNKNOWN =
            new ReportFile.Found(Optional.empty(), "there is no report.json");

    @TempDir Path folder;

    private final SparkSession spark;

    ReportPageTest(SparkSession spark) {
        this.spark = spark;
    }

    private Manifest build(int rows, int shards) {
        String input =
                VectorSamples.file(
                        folder.resolve("v.fvecs"), VectorSamples.clustered(rows, 4, 5, 3));
        return Builds.build(
                spark,
                input,
                folder.resolve("index"),
                Builds.options(shards).withCalibrationQueries(300),
                BuildMode.ERROR);
    }

    private static ReportFile.Found ran(StageRun... stages) {
        return new ReportFile.Found(
                Optional.of(
                        new BuildRun(
                                "spark-spann 9.9",
                                Instant.parse("2026-02-03T04:05:06Z"),
                                7300,
                                List.of(stages))),
                "");
    }

    @Test
    void every_part_has_its_plot_and_its_table() throws Exception {
        Manifest manifest = build(2000, 3);
        StageRun earlier = new StageRun("1-scan", true, 0, 0, 0);
        StageRun heads = new StageRun("3-heads", false, 75.25, 12_300_000, 0);
        String page = ReportPage.of("x.index", manifest, ran(earlier, heads), true);
        Pages.check(page);
        assertThat(Pages.plots(page))
                .containsExactly(
                        "stages",
                        "postings",
                        "replicas",
                        "shards",
                        "recall-1",
                        "recall-10",
                        "recall-100");
        assertThat(page)
                .contains("<h1>Index x.index</h1>")
                .contains("spark-spann 9.9 began 2026-02-03 04:05:06 UTC")
                .contains("<dd>2 h 01 min (resumed)</dd>")
                .contains("<th scope=\"row\">1-scan</th><td>in an earlier run</td>")
                .contains("<th scope=\"row\">3-heads</th><td>75.3 s</td><td>12.3 MB</td><td></td>")
                .contains("<dt>vectors</dt>\n<dd>2,000</dd>")
                .doesNotContain("class=\"warn\"");
    }

    @Test
    void of_a_manifest_alone_it_says_what_is_unknown() throws Exception {
        String page = ReportPage.of("x.index", build(600, 1), UNKNOWN, true);
        Pages.check(page);
        assertThat(page)
                .contains("Stage times are unknown: there is no report.json.")
                .doesNotContain("Stages of the build");
        // A single shard is in balance.
        assertThat(Pages.plots(page)).contains("postings").doesNotContain("stages", "shards");
    }

    @Test
    void without_plots_the_tables_are_there() throws Exception {
        Manifest manifest = build(600, 2);
        StageRun heads = new StageRun("3-heads", false, 1, 0, 0);
        String page = ReportPage.of("x.index", manifest, ran(heads), false);
        Pages.check(page);
        assertThat(Pages.plots(page)).isEmpty();
        assertThat(page).contains("There are no plots").contains("<th scope=\"row\">3-heads</th>");
    }

    @Test
    void statistics_of_another_writer_are_left_out() throws Exception {
        Manifest manifest = build(600, 2);
        ObjectNode odd = JsonNodeFactory.instance.objectNode();
        odd.put("replicaHistogram", "many");
        odd.putObject("postingSizes").put("binWidth", -1).putArray("histogram").add("x").add(-7);
        Manifest other = manifest.toBuilder().statistics(odd).calibration(List.of()).build();
        String page = ReportPage.of("x.index", other, UNKNOWN, true);
        Pages.check(page);
        assertThat(Pages.plots(page)).containsExactly("shards");
        assertThat(page).contains("The index was not calibrated");
        assertThat(page).doesNotContain("<h2>Replicas").doesNotContain("<h2>Posting");
    }

    @Test
    void many_shards_are_a_curve() throws Exception {
        Manifest manifest = build(3000, 100);
        assertThat(manifest.shards().size()).isGreaterThan(64);
        String page = ReportPage.of("x.index", manifest, UNKNOWN, true);
        Pages.check(page);
        assertThat(page).contains("Vectors of the shards, smallest first").contains("All shards");
    }

    @Test
    void texts_are_escaped() throws Exception {
        Manifest manifest = build(600, 1);
        StageRun hostile = new StageRun("<script>&'\"", false, 1, 0, 0);
        String page = ReportPage.of("a<b>\u0007.index", manifest, ran(hostile), true);
        Pages.check(page);
        assertThat(page)
                .contains("Index a&lt;b&gt; .index")
                .contains("&lt;script&gt;&amp;&#39;&quot;");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "999, 999 bytes",
        "1000, 1.0 kB",
        "123456, 123 kB",
        "1030000000, 1.0 GB",
        "5e18, '5,000 PB'"
    })
    void bytes_are_short(double bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.004, 0.00 s", "75.25, 75.3 s", "125, 2 min 05 s", "7300, 2 h 01 min"})
    void times_are_short(double seconds, String text) {
        assertThat(Figures.seconds(seconds)).isEqualTo(text);
    }
}
