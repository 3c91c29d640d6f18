package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkspann.spark.SharedSpark;
import io.sparkspann.spark.build.VectorSamples;
import io.sparkspann.spark.report.Pages;
import io.sparkspann.spark.storage.ObjectFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a build to the page about it, through the commands. */
@ExtendWith(SharedSpark.class)
class ReportCommandTest {
    @TempDir Path folder;
    private Path index;
    private Path page;

    @BeforeEach
    void build() {
        SharedSpark.session();
        index = folder.resolve("index");
        page = folder.resolve("page.html");
        String base =
                VectorSamples.file(
                        folder.resolve("base.fvecs"), VectorSamples.clustered(900, 6, 5, 1));
        Outcome built =
                Outcome.of("build", "--input", base, "--index", index.toString(), "--shards", "2");
        assertThat(built.code()).as("%s", built).isZero();
        assertThat(index.resolve("report.json")).isRegularFile();
    }

    private Outcome report(String... more) {
        String[] given = {"report", "--index", index.toString(), "--output", page.toString()};
        return Outcome.of(Stream.of(given, more).flatMap(Arrays::stream).toArray(String[]::new));
    }

    @Test
    void writes_a_page_and_says_where() throws Exception {
        Outcome reported = report();
        assertThat(reported.code()).as("%s", reported).isZero();
        assertThat(reported.out()).containsExactly(page.toString());
        assertThat(reported.err()).isEmpty();
        String html = Files.readString(page);
        Pages.check(html);
        assertThat(Pages.plots(html)).contains("stages", "postings", "replicas", "shards");
        assertThat(html).contains("<td>", "3-heads", index.toString()).doesNotContain("unknown");
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("base.fvecs", "index", "page.html");
        }
    }

    @Test
    void an_index_without_a_report_or_with_a_torn_one_has_a_page() throws Exception {
        Path file = index.resolve("report.json");
        Files.writeString(file, Files.readString(file).substring(0, 700));
        assertThat(report().code()).isZero();
        assertThat(Files.readString(page))
                .contains("Stage times are unknown: report.json cannot be read.");
        Files.delete(file);
        assertThat(report("--mode", "overwrite").code()).isZero();
        String html = Files.readString(page);
        Pages.check(html);
        assertThat(html).contains("Stage times are unknown: there is no report.json.");
    }

    @Test
    void a_page_is_replaced_only_if_asked_to() throws IOException {
        Files.writeString(page, "mine");
        Outcome refused = report();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.problem())
                .isEqualTo(page + ": exists already; use --mode overwrite, or another file");
        assertThat(page).hasContent("mine");
        assertThat(report("--mode", "overwrite").code()).isZero();
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>");
        assertThat(report("--mode", "append").code()).isEqualTo(2);
    }

    @Test
    void any_file_system_of_hadoop_will_do() throws Exception {
        String base = folder.resolve("base.fvecs").toString();
        String stored = "object://" + folder.resolve("stored");
        String uri = "object://" + page;
        Configuration conf = SharedSpark.session().sparkContext().hadoopConfiguration();
        conf.set("fs.object.impl", ObjectFileSystem.class.getName());
        try {
            for (int build = 0; build < 2; build++) {
                Outcome built =
                        Outcome.of(
                                "build", "--input", base, "--index", stored, "--mode", "overwrite");
                assertThat(built.code()).as("%s", built).isZero();
                assertThat(built.out().get(0)).doesNotContain("note");
            }
        } finally {
            conf.unset("fs.object.impl");
        }
        assertThat(folder.resolve("stored/report.json"))
                .content()
                .startsWith("{\n  \"spark_spann_report\" : 1,")
                .contains("\"snapshot\" : 2,");
        Outcome reported =
                Outcome.of(
                        "report",
                        "--index",
                        stored,
                        "--output",
                        uri,
                        "--conf",
                        "spark.hadoop.fs.object.impl=" + ObjectFileSystem.class.getName());
        assertThat(reported.code()).as("%s", reported).isZero();
        assertThat(reported.out()).containsExactly("object:" + page);
        Pages.check(Files.readString(page).replace("object:", ""));
        assertThat(Files.readString(page)).contains("Snapshot 2,").doesNotContain("unknown");
    }

    @Test
    void a_file_system_that_is_missing_is_named() {
        Outcome failed =
                Outcome.of(
                        "report", "--index", index.toString(), "--output", "s3a://bucket/x.html");
        assertThat(failed.problem()).contains("s3a://bucket/x.html: no usable file system");
    }

    @Test
    void a_folder_and_a_place_without_an_index_are_refused() {
        Outcome folderGiven =
                Outcome.of("report", "--index", index.toString(), "--output", folder.toString());
        assertThat(folderGiven.problem()).isEqualTo(folder + ": is a folder; give --output a file");
        Outcome none =
                Outcome.of("report", "--index", folder.toString(), "--output", page.toString());
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.problem()).contains("there is no index here");
        assertThat(page).doesNotExist();
    }
}
