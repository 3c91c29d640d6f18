package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
    static Stream<String> commands() {
        return new CommandLine(new Main()).getSubcommands().keySet().stream();
    }

    private static void requireHelp(Outcome help) {
        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .anyMatch(line -> line.startsWith("Example"))
                .anyMatch(line -> line.matches("(Example: |  )spark-spann .*"))
                .allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void each_job_has_help_with_an_example(String command) {
        requireHelp(Outcome.of(command, "--help"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void the_help_of_all_jobs_names_each(String command) {
        Outcome help = Outcome.of("--help");
        requireHelp(help);
        assertThat(help.out()).anyMatch(line -> line.startsWith("  " + command + " "));
    }
}
