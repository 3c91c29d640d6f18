package io.sparkspann.cli;

import io.sparkspann.build.BuildMode;
import io.sparkspann.build.BuildOptions;
import io.sparkspann.build.Quantizer;
import io.sparkspann.distance.Metric;
import io.sparkspann.error.InvalidInputException;
import io.sparkspann.vector.ElementType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a build. */
public final class BuildOptionsMixin {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            converter = Labels.OfMetric.class,
            description = "l2 (default), ip or cosine.")
    private Metric metric = Metric.L2;

    @Option(
            names = "--element-type",
            paramLabel = "TYPE",
            converter = Labels.OfElementType.class,
            description =
                    "Type of the components in the index: float32, float16, uint8, int8 or bits"
                        + " (default: that of the input). Vectors of another type are converted:"
                        + " float32 is rounded to float16, and integers must be the same.")
    private ElementType elementType;

    @Option(
            names = "--quantizer",
            paramLabel = "none|sq8",
            converter = Labels.OfQuantizer.class,
            description =
                    "none (default), or sq8: one byte for each component of float32 or float16, by"
                            + " one step for the whole table. Distances are those of the rounded"
                            + " vectors.")
    private Quantizer quantizer = Quantizer.NONE;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Number of shards (default 0: by the size of the table).")
    private Integer shards;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "Most postings that hold a vector, 1 to 64 (default 8).")
    private Integer replicas;

    @Option(
            names = "--head-ratio",
            paramLabel = "R",
            description = "Heads per vector, above 0, at most 0.5 (default 0.05).")
    private Double headRatio;

    @Option(
            names = "--rng-factor",
            paramLabel = "F",
            description = "Factor of the RNG rule; greater gives more replicas (default 1).")
    private Double rngFactor;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random choices (default 42).")
    private Long seed;

    @Option(
            names = "--calibration-queries",
            paramLabel = "N",
            description =
                    "Base vectors to measure recall with, 0 to 100000 (default 2000); without them"
                            + " there are no recall targets.")
    private Integer calibrationQueries;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Labels.OfBuildMode.class,
            description =
                    "What to do if there is an index or an unfinished build: error (default);"
                            + " overwrite, which keeps the files of one older snapshot; or resume"
                            + " the unfinished one, nothing if it is finished.")
    private BuildMode mode = BuildMode.ERROR;

    @Option(
            names = "--on-bad-row",
            paramLabel = "fail|skip",
            description =
                    "Rows with NaN or infinity, under cosine also zero vectors: fail (default), or"
                            + " skip and count them.")
    private String onBadRow = "fail";

    public BuildMode mode() {
        return mode;
    }

    /**
     * Whether bad rows are counted and left out.
     *
     * @throws ParameterException if the option has another value than fail and skip
     */
    public boolean skipsBadRows() {
        return switch (onBadRow) {
            case "fail" -> false;
            case "skip" -> true;
            default -> throw wrong("on-bad-row is '" + onBadRow + "'; use fail or skip");
        };
    }

    /**
     * @throws ParameterException if an option is out of range
     */
    public BuildOptions options() {
        try {
            BuildOptions options =
                    BuildOptions.of(metric).withElementType(elementType).withQuantizer(quantizer);
            options = shards == null ? options : options.withShards(shards);
            options = replicas == null ? options : options.withReplicas(replicas);
            options = headRatio == null ? options : options.withHeadRatio(headRatio);
            options = rngFactor == null ? options : options.withRngFactor(rngFactor);
            options = seed == null ? options : options.withSeed(seed);
            return calibrationQueries == null
                    ? options
                    : options.withCalibrationQueries(calibrationQueries);
        } catch (InvalidInputException e) {
            throw wrong(e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
