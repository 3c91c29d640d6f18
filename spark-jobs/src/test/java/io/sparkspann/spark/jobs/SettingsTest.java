package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that need no session read their settings as jobs do. */
class SettingsTest {
    private static final String KEY = "spark.hadoop.fs.defaultFS";

    @ParameterizedTest
    @ValueSource(strings = {"info", "verify"})
    void settings_of_file_systems_are_taken_from_options(String command) {
        Outcome failed = Outcome.of(command, "--index", "words", "--conf", KEY + "=nosuch://host/");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.problem())
                .contains("words: no usable file system: No FileSystem for scheme \"nosuch\"");
    }

    @Test
    void and_from_system_properties() {
        System.setProperty(KEY, "nosuch://host/");
        try {
            assertThat(Outcome.of("info", "--index", "words").problem())
                    .contains("No FileSystem for scheme \"nosuch\"");
            assertThat(Outcome.of("info", "--index", "words", "--conf", KEY + "=file:///"))
                    .satisfies(
                            failed ->
                                    assertThat(failed.problem())
                                            .contains("words: there is no index here"));
        } finally {
            System.clearProperty(KEY);
        }
    }

    @Test
    void evaluate_reads_its_files_with_them() {
        Outcome failed =
                Outcome.of(
                        "--conf",
                        KEY + "=nosuch://host/",
                        "evaluate",
                        "--index",
                        "words",
                        "--queries",
                        "q.fvecs",
                        "--ground-truth",
                        "t.ivecs");
        assertThat(failed.problem()).contains("No FileSystem for scheme \"nosuch\"");
    }
}
