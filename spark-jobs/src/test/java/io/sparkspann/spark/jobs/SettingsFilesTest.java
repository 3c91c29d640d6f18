package io.sparkspann.spark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkspann.spark.SharedSpark;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The files of {@code conf} name options and settings that there are. */
class SettingsFilesTest {
    private static final Path CONF = Path.of("..", "conf");
    private static final Pattern SETTING = Pattern.compile("--conf (\\S+?)=(\\S+)");

    @BeforeAll
    static void load() {
        // Spark registers its settings with the classes that use them.
        SharedSpark.session().conf().get("spark.sql.shuffle.partitions");
    }

    private static void requireKnown(String key) {
        boolean known =
                key.equals("spark.master")
                        || key.startsWith("spark.hadoop.fs.s3a.")
                        || ConfigEntry.findEntry(key) != null;
        assertThat(known).as("setting %s", key).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark-defaults-emr.conf", "spark-defaults-workstation.conf"})
    void settings_are_known_to_spark(String file) throws IOException {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(CONF.resolve(file))) {
            settings.load(reader);
        }
        assertThat(settings).isNotEmpty();
        settings.stringPropertyNames().forEach(SettingsFilesTest::requireKnown);
    }

    private static JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(CONF.resolve(file).toFile());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static void requireCommand(List<String> arguments) {
        assertThatCode(
                        () ->
                                new CommandLine(new Main())
                                        .parseArgs(arguments.toArray(new String[0])))
                .doesNotThrowAnyException();
    }

    @Test
    void steps_are_commands() throws IOException {
        JsonNode steps = json("emr-steps.json");
        assertThat(steps).hasSize(2);
        for (JsonNode step : steps) {
            List<String> all = texts(step.get("Args"));
            int jar = all.indexOf("s3://BUCKET/spark-jobs-all.jar");
            List<String> submit = all.subList(0, jar);
            assertThat(submit).startsWith("spark-submit").contains(Main.class.getName());
            for (int i = 0; i < submit.size(); i++) {
                if (submit.get(i).equals("--conf")) {
                    requireKnown(submit.get(i + 1).replaceFirst("=.*", ""));
                }
            }
            requireCommand(all.subList(jar + 1, all.size()));
        }
    }

    @Test
    void a_serverless_job_is_a_command() throws IOException {
        JsonNode submit = json("emr-serverless-join.json").at("/jobDriver/sparkSubmit");
        String parameters = submit.get("sparkSubmitParameters").asText();
        assertThat(parameters).contains("--class " + Main.class.getName());
        Matcher settings = SETTING.matcher(parameters);
        while (settings.find()) {
            requireKnown(settings.group(1));
        }
        requireCommand(texts(submit.get("entryPointArguments")));
    }
}
