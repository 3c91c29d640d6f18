package io.sparkspann.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a run of the command did. */
record Outcome(int code, String out, String err) {
    static Outcome of(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(words, out, err);
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** This outcome, which must be a success. */
    Outcome done() {
        assertThat(code).as(err).isZero();
        return this;
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** The last line of standard output, which must be a JSON object. */
    JsonNode lastJson() {
        try {
            return new ObjectMapper().readTree(lines().get(lines().size() - 1));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + out, e);
        }
    }
}
