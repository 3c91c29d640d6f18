package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanCommandTest {
    private static final List<String> USUAL =
            List.of(
                    "plan",
                    "--vectors",
                    "1e9",
                    "--dimensions",
                    "128",
                    "--type",
                    "uint8",
                    "--executors",
                    "32",
                    "--cores",
                    "16",
                    "--memory",
                    "16g");

    private static Outcome plan(String... more) {
        List<String> arguments = new ArrayList<>(USUAL);
        for (int i = 0; i < more.length; i += 2) {
            int at = arguments.indexOf(more[i]);
            if (at >= 0) {
                arguments.set(at + 1, more[i + 1]);
            } else {
                arguments.add(more[i]);
                if (!more[i + 1].isEmpty()) {
                    arguments.add(more[i + 1]);
                }
            }
        }
        return Outcome.of(arguments.toArray(String[]::new));
    }

    @Test
    void a_person_gets_a_report() {
        Outcome outcome = plan("--queries", "100M");
        assertThat(outcome.code()).isZero();
        assertThat(String.join("\n", outcome.out()))
                .contains("Index of 1.00 G vectors of 128 dimensions, uint8, l2")
                .contains("shards")
                .contains("core-hours")
                .contains("Join of 100 M queries, k 10, recall target 0.95")
                .contains("Extrapolated from")
                .contains("N^0.277");
    }

    @Test
    void a_program_gets_an_object_as_the_last_line() throws Exception {
        Outcome outcome = plan("--queries", "1e6", "--json", "");
        String last = outcome.out().get(outcome.out().size() - 1);
        JsonNode json = new ObjectMapper().readTree(last);
        assertThat(json.path("vectors").asLong()).isEqualTo(1_000_000_000L);
        assertThat(json.path("shards").asInt()).isEqualTo(3815);
        assertThat(json.path("build").path("core_hours").asDouble()).isPositive();
        assertThat(json.path("build").path("stages").size()).isGreaterThan(8);
        assertThat(json.path("join").path("stages").size()).isEqualTo(4);
        assertThat(json.path("build").path("memory_suffices").asBoolean()).isTrue();
    }

    @Test
    void executors_that_are_too_small_are_said_to_be() {
        String text = String.join("\n", plan("--memory", "4g").out());
        assertThat(text).contains("DO NOT SUFFICE; use --cores").contains("or --memory");
    }

    @ParameterizedTest
    @CsvSource({
        "--vectors, many, vectors is 'many'",
        "--vectors, 5e9, 2^32 - 1",
        "--vectors, 0, vectors is '0'",
        "--dimensions, 0, dimensions is 0",
        "--dimensions, 70000, dimensions is 70000",
        "--dimensions, x, --dimensions is 'x'",
        "--type, float64, Unknown element type 'float64'",
        "--executors, 0, executors is 0",
        "--cores, 2000, cores is 2000",
        "--memory, 16q, memory is '16q'",
        "--queries, -5, queries is '-5'",
        "--k, 0, k is 0",
        "--k, 10001, k is 10001",
        "--recall-target, 1, recall target is 1.0",
        "--replicas, 65, replicas is 65",
        "--head-ratio, 0.6, head-ratio is 0.6",
        "--throughput, fast, throughput is 'fast'",
        "--request-millis, -1, request-millis is -1.0"
    })
    void wrong_values_are_one_line_and_code_2(String option, String value, String problem) {
        boolean ofJoin = option.equals("--k") || option.equals("--recall-target");
        Outcome outcome = ofJoin ? plan(option, value, "--queries", "10") : plan(option, value);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.problem()).contains(problem);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void what_a_plan_cannot_do_without_is_asked_for() {
        Outcome outcome = Outcome.of("plan", "--vectors", "1e6");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.problem()).contains("--dimensions", "--executors");
    }
}
