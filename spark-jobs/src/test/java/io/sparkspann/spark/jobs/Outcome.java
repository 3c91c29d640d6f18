package io.sparkspann.spark.jobs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a command line did, run in this JVM.
 *
 * @param code exit code
 * @param out lines on standard output
 * @param err lines on standard error
 */
record Outcome(int code, List<String> out, List<String> err) {
    static Outcome of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(arguments, out, err);
        return new Outcome(code, lines(out), lines(err));
    }

    private static List<String> lines(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The one line about what went wrong; progress may precede it. */
    String problem() {
        List<String> lines = err.stream().filter(line -> line.startsWith("spark-spann: ")).toList();
        if (lines.size() != 1 || !err.get(err.size() - 1).equals(lines.get(0))) {
            throw new AssertionError("not one last line of error in " + err);
        }
        return lines.get(0).substring("spark-spann: ".length());
    }
}
