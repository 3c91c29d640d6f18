package io.sparkspann.spark.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkspann.build.BuildMode;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.format.Manifest;
import io.sparkspann.format.Snapshots;
import io.sparkspann.spark.SharedSpark;
import io.sparkspann.storage.LocalStorage;
import io.sparkspann.vector.VectorBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Builds in other processes: on one core, with failing tasks, and killed. */
@ExtendWith(SharedSpark.class)
class ChildBuildTest {
    @TempDir Path folder;

    private final SparkSession spark;
    private final VectorBlock vectors = VectorSamples.clustered(3000, 12, 8, 6);
    private String input;
    private Map<String, String> expected;

    ChildBuildTest(SparkSession spark) {
        this.spark = spark;
    }

    @BeforeEach
    void buildUndisturbed() {
        input =
                VectorSamples.parquet(
                        spark, folder.resolve("table"), vectors, VectorSamples.Table.ofLongs(3, 3));
        expected =
                Builds.files(
                        Builds.build(
                                spark,
                                input,
                                folder.resolve("undisturbed"),
                                Builds.options(3),
                                BuildMode.ERROR));
    }

    private ChildJvm child(String master, Path index, String fault) throws Exception {
        String scratch = folder.resolve("scratch").toString();
        return ChildJvm.start(
                ChildBuild.class, "512m", master, input, index.toString(), scratch, fault);
    }

    private static Manifest only(Path index) {
        Snapshots snapshots = new Snapshots(LocalStorage.of(index));
        assertThat(snapshots.numbers()).containsExactly(1L);
        return snapshots.load(1);
    }

    @Test
    void one_core_builds_the_same() throws Exception {
        Path index = folder.resolve("index");
        try (ChildJvm child = child("local[1]", index, "nothing")) {
            child.awaitEnd();
        }
        assertThat(Builds.files(only(index))).isEqualTo(expected);
    }

    @Test
    void tasks_that_fail_and_are_tried_again_leave_no_trace() throws Exception {
        Path index = folder.resolve("index");
        try (ChildJvm child = child("local[3,4]", index, "faults")) {
            child.awaitLine("a task fails");
            child.awaitLine("a task fails after its work");
            child.awaitEnd();
        }
        Manifest manifest = only(index);
        assertThat(Builds.files(manifest)).isEqualTo(expected);
        assertThat(Builds.list(index)).isEqualTo(Builds.named(manifest));
    }

    @Test
    void killed_it_is_resumed() throws Exception {
        requireResumed(List.of("4/7: closure"));
    }

    @Test
    @Tag("slow")
    void killed_in_one_stage_after_another_it_is_resumed() throws Exception {
        requireResumed(List.of("2/7: route", "4/7: closure", "6/7: calibrate"));
    }

    private void requireResumed(List<String> killed) throws Exception {
        Path index = folder.resolve("index");
        for (String stage : killed) {
            try (ChildJvm child = child("local[2]", index, stage)) {
                child.awaitLine("in " + stage);
                child.kill();
            }
            assertThat(new Snapshots(LocalStorage.of(index)).numbers()).isEmpty();
        }
        assertThatThrownBy(
                        () -> Builds.build(spark, input, index, Builds.options(3), BuildMode.ERROR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is an unfinished build");
        Manifest resumed = Builds.build(spark, input, index, Builds.options(3), BuildMode.RESUME);
        assertThat(Builds.files(resumed)).isEqualTo(expected);
        assertThat(Builds.list(index)).isEqualTo(Builds.named(resumed));
    }
}
