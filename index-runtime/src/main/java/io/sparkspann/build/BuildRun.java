package io.sparkspann.build;

import io.sparkspann.format.Manifest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * How the last run of a build went.
 *
 * @param program version of the program
 * @param started when the run began
 * @param seconds its time until the commit
 * @param stages in the order in which they ran
 */
public record BuildRun(String program, Instant started, double seconds, List<StageRun> stages) {
    public BuildRun {
        stages = List.copyOf(stages);
    }

    /** Version of this program, as its jar states it. */
    public static String thisProgram() {
        // Classes that do not come from the jar have no version.
        String version = BuildRun.class.getPackage().getImplementationVersion();
        return "spark-spann " + (version == null ? "(development)" : version);
    }

    /** A run of this program that ends now. */
    static BuildRun until(Instant started, long startNanos, List<StageRun> stages) {
        return new BuildRun(
                thisProgram(),
                started.truncatedTo(ChronoUnit.SECONDS),
                (System.nanoTime() - startNanos) / 1e9,
                stages);
    }

    /** The stages of an index that an earlier run published. */
    static List<StageRun> stagesOf(Manifest published) {
        List<StageRun> stages = new ArrayList<>();
        published
                .statistics()
                .path("stageSeconds")
                .fieldNames()
                .forEachRemaining(name -> stages.add(StageRun.ofEarlier(name)));
        return stages;
    }
}
